import { useId, useRef, useState } from "preact/hooks";
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { Failure } from "../../../worker/contract/failures.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { newClientId } from "../../engine/protocol/engine.ts";
import { text } from "../../i18n/aside.ts";
import type { DialogView } from "../../model/places.ts";
import { shownName } from "../../words/names.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { start } from "../../model/asking.ts";

type Properties = Omit<Extract<DialogView, { readonly kind: "whisper" }>, "kind"> & { readonly onClose: () => void };

const PRIVATE: Failure = { kind: "would-expose", detail: "now private" };

/**
 * To somebody in a room alone (XEP-0045 §7.5), in clear, which is said before. In a window of its own: what is written for
 * one person is never left standing where Enter sends it to everybody.
 */
export function Whisper({ room, nick, occupant, jid, words = "", onClose }: Properties) {
  const app = useApp();
  const open = useValue(app.chats).get(room)?.encryption === "open";
  const [written, setWritten] = useState(words);
  // Sent again it is the same message, so that nobody gets it twice.
  const [sent] = useState(() => new Map<string, ReturnType<typeof newClientId>>());
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const name = shownName(nick, "?");
  const send = async () => {
    const said = written.trim();
    if (said === "") {
      field.current?.focus();
      return undefined;
    }
    // A room that this browser has ever seen private takes nothing in clear, whatever the object says.
    if (!open) return PRIVATE;
    const client = sent.get(said) ?? newClientId();
    sent.set(said, client);
    const about = { room, nick, client, text: said, ...(occupant !== undefined && { occupant }) };
    const answer = await app.engine.ask({ call: "whisper", about });
    if (!answer.ok) return answer.error;
    onClose();
    return undefined;
  };
  const instead = async () => {
    if (jid !== undefined && (await start(app, jid)) === undefined) onClose();
  };
  return (
    <FormDialog
      title={text("whisper--title", { name })}
      lead={open ? text("whisper--lead", { name }) : text("whisper--private")}
      confirm={text("whisper--confirm")}
      busyLabel={text("whisper--busy")}
      about={room}
      act={send}
      onClose={onClose}
      others={
        jid === undefined ? undefined : (
          <div class="dialog-others">
            <button type="button" class="link" onClick={() => drop(instead())}>
              {text("whisper--instead")}
            </button>
          </div>
        )
      }
    >
      {(_failure, note) => (
        <div class="field">
          <label for={id}>{text("whisper--field", { name })}</label>
          <textarea
            ref={field}
            autofocus
            id={id}
            class="whisper-words"
            dir="auto"
            rows={3}
            maxLength={LIMITS.textLength}
            aria-describedby={note}
            value={written}
            onInput={(event) => setWritten(event.currentTarget.value)}
          />
        </div>
      )}
    </FormDialog>
  );
}
