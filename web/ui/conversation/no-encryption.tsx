import { useState } from "preact/hooks";
import { text } from "../../i18n/text.ts";
import type { ChatSummary } from "../../engine/protocol/conversations.ts";
import { calledName } from "../../model/chats.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { addressText } from "../../words/names.ts";
import { domainOf } from "../../../worker/shared/jid.ts";
import { Icon } from "../parts/icon.tsx";
import { NoWriting, WriteInClear } from "../parts/no-writing.tsx";
import { useApp } from "../hooks/use-app.ts";

/** A check that answers faster than this would look as if nothing had happened. */
const SHOW_CHECKING_MS = 600;

type Look = "button" | "button button-quiet" | "link";

/** Asks again for devices, or whether a room is private. */
export function CheckAgain({ chat, look }: { readonly chat: ChatSummary; readonly look: Look }) {
  const app = useApp();
  const [busy, setBusy] = useState(false);
  const check = async () => {
    setBusy(true);
    await Promise.all([
      app.engine.checkEncryption({ chat: chat.jid }),
      new Promise((resolve) => setTimeout(resolve, SHOW_CHECKING_MS)),
    ]);
    setBusy(false);
  };
  return (
    <button type="button" class={look} disabled={busy} onClick={() => drop(check())}>
      {text(busy ? "unavailable--checking" : "unavailable--check")}
    </button>
  );
}

/** In place of the composer: nothing that is written here would arrive, encrypted or not. */
function Nobody({ chat, absent }: { readonly chat: ChatSummary; readonly absent: "account" | "server" }) {
  const address = addressText(chat.jid);
  return (
    <NoWriting
      icon="alert"
      stopped="absent"
      title={text(`absent--${absent}-title`, { address, domain: domainOf(chat.jid) })}
      actions={<CheckAgain chat={chat} look="button" />}
    >
      <p>{text(`absent--${absent}-text`)}</p>
    </NoWriting>
  );
}

/** In place of the composer: nothing is sent in clear unless the person asks for it. */
export function Unavailable({ chat }: { readonly chat: ChatSummary }) {
  if (chat.absent !== undefined) return <Nobody chat={chat} absent={chat.absent} />;
  return (
    <NoWriting
      icon="lock-open"
      title={text("unavailable--title", { name: calledName(chat) })}
      actions={
        <>
          <WriteInClear chat={chat.jid} />
          <CheckAgain chat={chat} look="button" />
        </>
      }
    >
      <p>{text("unavailable--text")}</p>
    </NoWriting>
  );
}

/** Above the composer for as long as words go out in clear. */
export function Exposed({ chat }: { readonly chat: ChatSummary }) {
  return (
    <p class="exposed" role="status">
      <Icon name="lock-open" />
      <span>
        {text("exposed--line")} <CheckAgain chat={chat} look="link" />
      </span>
    </p>
  );
}
