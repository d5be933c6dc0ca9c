import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { Dialog } from "./dialog.tsx";
import { FailureNote } from "./failure-note.tsx";

export type FormDialogProperties = {
  readonly onClose: () => void;
  readonly title: string;
  readonly lead: string;
  readonly confirm: string;
  readonly busyLabel: string;
  /** What a failure is about. */
  readonly about: string;
  readonly bad?: boolean;
  /** What went wrong before it was opened. */
  readonly failed?: Failure | undefined;
  readonly act: () => Promise<Failure | undefined>;
  /** A failure for which this dialog has words of its own. */
  readonly says?: (failure: Failure) => string | undefined;
  readonly children?: (failure: Failure | undefined, note: string) => ComponentChildren;
  /** Below the question: other ways to go. */
  readonly others?: ComponentChildren;
};

/** A question, what it needs to know, and what went wrong when it was tried. */
export function FormDialog({
  title,
  lead,
  confirm,
  busyLabel,
  about,
  bad = false,
  failed,
  act,
  says,
  onClose,
  children,
  others,
}: FormDialogProperties) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(failed);
  const note = useId();
  const words = failure && says?.(failure);
  const run = async () => {
    setBusy(true);
    setFailure(undefined);
    setFailure(await act());
    setBusy(false);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          drop(run());
        }}
      >
        <p>{lead}</p>
        {children?.(failure, note)}
        <FailureNote id={note} failure={failure} address={about} {...(words !== undefined && { words })} />
        <div class="dialog-actions">
          <button type="button" class="button button-quiet" autofocus={bad} onClick={onClose}>
            {text("dialog--cancel")}
          </button>
          <button type="submit" class={bad ? "button button-bad" : "button"} disabled={busy}>
            {busy ? busyLabel : confirm}
          </button>
        </div>
      </form>
      {others}
    </Dialog>
  );
}
