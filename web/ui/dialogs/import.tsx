import { signal } from "@preact/signals-core";
import { useId, useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { Imported } from "../../engine/protocol/exporting.ts";
import { plural, text } from "../../i18n/aside.ts";
import { useApp } from "../hooks/use-app.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Field } from "../parts/field.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { WrongNote } from "../parts/wrong-note.tsx";

/** What became of it, each kind of message in a sentence of its own. */
function Outcome({ imported, onClose }: { readonly imported: Imported; readonly onClose: () => void }) {
  const { filled, known, elsewhere, bad, whole } = imported;
  const rest = [["known", known] as const, ["elsewhere", elsewhere] as const, ["bad", bad] as const];
  return (
    <Dialog title={text("import--title")} onClose={onClose}>
      <div role="status">
        <p>{plural("import--filled", filled)}</p>
        {rest.map(([kind, count]) => (count === 0 ? undefined : <p key={kind}>{plural(`import--${kind}`, count)}</p>))}
        {whole ? undefined : <p>{text("import--not-whole")}</p>}
      </div>
      <div class="dialog-actions">
        <button type="button" class="button" autofocus onClick={onClose}>
          {text("device--close")}
        </button>
      </div>
    </Dialog>
  );
}

type Wrong = "no-file" | "not-a-history" | "wrong-passphrase";

/** A file that another own browser has written under a passphrase. */
export function Import({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const id = useId();
  const [passphrase] = useState(() => signal(""));
  const [file, setFile] = useState<File | undefined>(undefined);
  const [wrong, setWrong] = useState<Wrong | undefined>(undefined);
  const [imported, setImported] = useState<Imported | undefined>(undefined);
  if (imported !== undefined) return <Outcome imported={imported} onClose={onClose} />;
  const act = async (): Promise<Failure | undefined> => {
    setWrong(undefined);
    if (file === undefined) {
      setWrong("no-file");
      return undefined;
    }
    const answer = await app.engine.importHistory({ file, passphrase: passphrase.peek() });
    if (!answer.ok) return answer.error;
    if (answer.value.how === "read") setImported(answer.value);
    else setWrong(answer.value.how);
    return undefined;
  };
  return (
    <FormDialog
      title={text("import--title")}
      lead={text("import--lead")}
      confirm={text("import--confirm")}
      busyLabel={text("import--busy")}
      about=""
      act={act}
      onClose={onClose}
    >
      {(_failure, note) => (
        <>
          <div class="field">
            <label for={id}>{text("import--file")}</label>
            <input
              id={id}
              type="file"
              accept=".alcove"
              aria-describedby={note}
              onChange={({ currentTarget }) => setFile(currentTarget.files?.[0])}
            />
          </div>
          <Field
            label={text("export--passphrase")}
            kind="password"
            value={passphrase}
            wrong={wrong === "wrong-passphrase"}
            describedBy={note}
          />
          <WrongNote words={wrong && text(`import--${wrong}`)} />
        </>
      )}
    </FormDialog>
  );
}
