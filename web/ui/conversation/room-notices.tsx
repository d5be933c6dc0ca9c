import { useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { text } from "../../i18n/aside.ts";
import type { ChatSummary, RoomSummary } from "../../engine/protocol/conversations.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { nameOf } from "../../model/chats.ts";
import { unableText } from "../../model/room-unable.ts";
import { declineRoom, enterOrAsk } from "../../model/room-actions.ts";
import { addressText } from "../../words/names.ts";
import { Why } from "../parts/why.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { RoomNewcomers } from "./trust-banner.tsx";

type Properties = { readonly chat: ChatSummary; readonly room: RoomSummary };

/** Somebody asks us in: it is answered here, one way or the other. */
function Invitation({ chat, by }: { readonly chat: ChatSummary; readonly by: BareJid }) {
  const app = useApp();
  const chats = useValue(app.chats);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const answer = async (accept: boolean) => {
    setBusy(true);
    setFailure(await (accept ? enterOrAsk(app, chat.jid) : declineRoom(app, chat.jid)));
    setBusy(false);
  };
  return (
    <section class="banner" data-relation="request">
      <div class="banner-words">
        <b>{text("invited--title", { name: nameOf(by, chats) })}</b>
        <p>{text("invited--text", { address: addressText(chat.jid) })}</p>
        <FailureNote failure={failure} address={chat.jid} />
      </div>
      <div class="banner-actions">
        <button type="button" class="button button-quiet" disabled={busy} onClick={() => drop(answer(false))}>
          {text("request--decline")}
        </button>
        <button type="button" class="button" disabled={busy} onClick={() => drop(answer(true))}>
          {text("request--accept")}
        </button>
      </div>
    </section>
  );
}

/** Somebody's keys want a decision; until then they read nothing, or nothing leaves at all. */
function Keys({ of, words, stops }: { readonly of: BareJid; readonly words: string; readonly stops: boolean }) {
  const app = useApp();
  return (
    <section class="banner" data-trust={stops ? "key-changed" : "none-trusted"} role="status">
      <div class="banner-words">
        <p>{words}</p>
      </div>
      <div class="banner-actions">
        <button type="button" class="button" onClick={() => app.go({ screen: "devices", of })}>
          {text("trust--look")}
        </button>
      </div>
    </section>
  );
}

/** What has to be said about a room above its messages: an invitation, whoever cannot read, that we are not in it. */
export function RoomNotices({ chat, room }: Properties) {
  const app = useApp();
  const chats = useValue(app.chats);
  if (room.invitedBy !== undefined) return <Invitation chat={chat} by={room.invitedBy} />;
  if (room.state === "joining") {
    const { failure } = room;
    const words = failure === undefined ? text("room--entering") : <Why failure={failure} address={chat.jid} />;
    return <p class="banner banner-quiet">{words}</p>;
  }
  if (room.state === "left") return null;
  const unable = unableText(room.unable, chats);
  const unlisted = room.unlisted === true && chat.encryption !== "unlisted";
  const [changed] = room.changed;
  const [undecided] = room.undecided;
  return (
    <>
      {unable === undefined ? undefined : (
        <p class="banner banner-quiet" data-unable={room.unable.length} role="status">
          {unable}
        </p>
      )}
      {unlisted ? (
        <p class="banner banner-quiet" role="status">
          {text("room--unlisted-line")}
        </p>
      ) : undefined}
      {changed === undefined ? undefined : (
        <Keys of={changed} stops={true} words={text("trust--stopped-changed", { name: nameOf(changed, chats) })} />
      )}
      {room.newcomers.length === 0 ? undefined : <RoomNewcomers devices={room.newcomers} />}
      {undecided === undefined ? undefined : (
        <Keys of={undecided} stops={false} words={text("room--undecided", { name: nameOf(undecided, chats) })} />
      )}
    </>
  );
}
