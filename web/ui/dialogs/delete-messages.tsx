import { useState } from "preact/hooks";
import type { Failure, Result } from "../../../worker/contract/failures.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import { plural, text } from "../../i18n/aside.ts";
import { Dialog } from "../parts/dialog.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { useApp } from "../hooks/use-app.ts";

type Properties = {
  readonly items: readonly MessageItem[];
  /** All of them can be taken back from everybody. */
  readonly all: boolean;
  readonly onClose: () => void;
};

/** Deletes several messages: in this browser, or for everybody where all are our own. What failed stays chosen. */
export function DeleteMessages({ items, all, onClose }: Properties) {
  const app = useApp();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [first] = items;
  if (first === undefined) return null;
  const { chosen } = app.conversation(first.chat);
  const run = async (act: () => Promise<Result<unknown> | undefined>) => {
    setBusy(true);
    setFailure(undefined);
    const answer = await act();
    setBusy(false);
    if (answer?.ok === false) return setFailure(answer.error);
    chosen.value = undefined;
    onClose();
  };
  const forget = () => app.engine.forget({ keys: items.map(({ key }) => key) });
  const retract = async () => {
    // One after the other: where one fails, those that follow are left as they were.
    for (const { key } of items) {
      const answer = await app.engine.retract({ key });
      if (!answer.ok) return answer;
    }
    return undefined;
  };
  const one = items.length === 1;
  return (
    <Dialog title={plural("delete-messages--title", items.length)} onClose={onClose}>
      <button type="button" class="choice choice-bad" disabled={busy} onClick={() => drop(run(forget))}>
        <b>{text("delete-messages--me")}</b>
        <span>{text(one ? "forget-message--lead" : "delete-messages--me-text")}</span>
      </button>
      {all ? (
        <button type="button" class="choice choice-bad" disabled={busy} onClick={() => drop(run(retract))}>
          <b>{text("delete-messages--all")}</b>
          <span>{text(one ? "delete-message--lead" : "delete-messages--all-text")}</span>
        </button>
      ) : undefined}
      <FailureNote failure={failure} address={first.chat} />
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" autofocus onClick={onClose}>
          {text("dialog--cancel")}
        </button>
      </div>
    </Dialog>
  );
}
