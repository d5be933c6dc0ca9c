import { useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { ChatSummary, RoomSummary } from "../../engine/protocol/conversations.ts";
import { text } from "../../i18n/aside.ts";
import { enterOrAsk } from "../../model/room-actions.ts";
import { addressText } from "../../words/names.ts";
import { FailureNote } from "../parts/failure-note.tsx";
import { NoWriting } from "../parts/no-writing.tsx";
import { Why } from "../parts/why.tsx";
import { useApp } from "../hooks/use-app.ts";

/** We are not in it: why, and the way back. */
export function LeftRoom({ chat, room }: { readonly chat: ChatSummary; readonly room: RoomSummary }) {
  const app = useApp();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const { reason, instead } = room.about ?? {};
  // Whoever enters a room that was closed makes another one of that name.
  const goal = instead ?? (room.failure?.detail === "destroyed" ? undefined : chat.jid);
  const enter = async (to: BareJid) => {
    setBusy(true);
    setFailure(await enterOrAsk(app, to));
    setBusy(false);
  };
  return (
    <NoWriting
      icon="leave"
      title={text("room--left")}
      actions={
        goal === undefined ? undefined : (
          <button type="button" class="button" disabled={busy} onClick={() => drop(enter(goal))}>
            {goal === chat.jid ? text("room--enter") : text("room--go-to", { address: addressText(goal) })}
          </button>
        )
      }
    >
      {room.failure === undefined || failure !== undefined ? undefined : (
        <p>
          <Why failure={room.failure} address={chat.jid} />
        </p>
      )}
      {reason === undefined ? undefined : <p dir="auto">{text("room--reason", { reason })}</p>}
      <FailureNote failure={failure} address={goal ?? chat.jid} />
    </NoWriting>
  );
}
