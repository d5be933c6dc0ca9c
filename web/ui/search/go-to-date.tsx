import { useId, useState } from "preact/hooks";
import type { BareJid, Time } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { dayText, timeOf } from "../../model/search/query.ts";
import { firstSince } from "../../model/search/message-search.ts";
import { Dialog } from "../parts/dialog.tsx";
import { useApp } from "../hooks/use-app.ts";

/** Leads to the first message of a conversation from a day on. */
export function GoToDate({ chat, onClose }: { readonly chat: BareJid; readonly onClose: () => void }) {
  const app = useApp();
  const [day, setDay] = useState("");
  const [failure, setFailure] = useState<"none" | "failed" | undefined>(undefined);
  const id = useId();
  const go = async (since: Time) => {
    const first = await firstSince(app, chat, since);
    if (first === "none" || first === "failed") {
      setFailure(first);
      return;
    }
    app.seek(first);
    onClose();
  };
  const since = timeOf(day);
  return (
    <Dialog title={text("date--title")} onClose={onClose}>
      <form
        class="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (since !== undefined) drop(go(since));
        }}
      >
        <div class="field">
          <label for={id}>{text("date--day")}</label>
          <input
            id={id}
            type="date"
            max={dayText(Date.now())}
            autofocus
            value={day}
            aria-describedby={`${id}-note`}
            onInput={(event) => {
              setDay(event.currentTarget.value);
              setFailure(undefined);
            }}
          />
        </div>
        <p id={`${id}-note`} role="alert">
          {failure === undefined ? undefined : text(failure === "none" ? "date--none" : "search--failed")}
        </p>
        <div class="dialog-actions">
          <button type="button" class="button button-quiet" onClick={onClose}>
            {text("dialog--cancel")}
          </button>
          <button type="submit" class="button" disabled={since === undefined}>
            {text("date--go")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
