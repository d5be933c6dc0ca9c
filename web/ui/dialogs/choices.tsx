import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { mute, notifyOf } from "../../model/muting.ts";
import { MUTE_TIMES } from "../../model/chat-choices.ts";
import { nameOf } from "../../model/chats.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Dialog } from "../parts/dialog.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { accountNow } from "../../model/clock.ts";

type Closing = { readonly onClose: () => void };

/** For how long a conversation is silent. */
export function Mute({ jid, onClose }: Closing & { readonly jid: BareJid }) {
  const app = useApp();
  const chats = useValue(app.chats);
  const name = nameOf(jid, chats);
  const { room, choices } = chats.get(jid) ?? {};
  const mentions = choices?.notify === "mentions";
  return (
    <Dialog title={text("mute--title", { name })} onClose={onClose}>
      <p>{text("mute--lead")}</p>
      {MUTE_TIMES.map((time) => (
        <button key={time} type="button" class="choice" onClick={() => drop(mute(app, jid, time, accountNow()))}>
          <b>{text(`mute--${time}`)}</b>
        </button>
      ))}
      {room === undefined ? undefined : (
        <button type="button" class="choice" onClick={() => drop(notifyOf(app, jid, mentions ? "all" : "mentions"))}>
          <b>{text(mentions ? "mute--all" : "mute--mentions")}</b>
          <span>{text(mentions ? "mute--all-about" : "mute--mentions-about")}</span>
        </button>
      )}
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" onClick={onClose}>
          {text("dialog--cancel")}
        </button>
      </div>
    </Dialog>
  );
}

/** The menu in which it was chosen is closed by now. */
export function NotChosen({ failure, onClose }: Closing & { readonly failure: Failure }) {
  const app = useApp();
  return (
    <Dialog title={text("not-chosen--title")} onClose={onClose}>
      <p>{text("not-chosen--lead")}</p>
      <FailureNote failure={failure} address={useValue(app.account) ?? ""} />
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          {text("later--close")}
        </button>
      </div>
    </Dialog>
  );
}
