import { signal } from "@preact/signals-core";
import { useId, useRef, useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { CopyView } from "../../engine/protocol/copy.ts";
import { text } from "../../i18n/aside.ts";
import { fullDayAndTime } from "../../model/format.ts";
import { readRecovery } from "../../model/recovery.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { mayHaveCamera } from "../page/camera.ts";
import { mayHavePasskeys, type NoPasskey, openByPasskey } from "../page/passkey.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { QrScanner } from "../parts/qr-scanner.tsx";
import { WrongNote } from "../parts/wrong-note.tsx";
import { copyFailure } from "./copy-failure.ts";
import { EndCopy } from "./copy-kept.tsx";

/** Characters of a file that are looked at: the words are in the first few hundred. */
const FILE_LOOKED_AT = 20_000;

/** By the recovery key: typed, as a file, or scanned. */
export function OpenCopy({
  kept,
  onClose,
}: {
  readonly kept: NonNullable<CopyView["kept"]>;
  readonly onClose: () => void;
}) {
  const app = useApp();
  const id = useId();
  const file = useId();
  const [words] = useState(() => signal(""));
  const [wrong, setWrong] = useState<"few" | "mistyped" | NoPasskey | undefined>(undefined);
  /** The press and what it submits are one event. */
  const byPasskey = useRef(false);
  const [scanning, setScanning] = useState(false);
  const [ending, setEnding] = useState(false);
  const shown = useValue(words);
  if (ending) return <EndCopy byKey={false} onClose={onClose} />;
  const { passkey } = kept;
  const act = async (): Promise<Failure | undefined> => {
    const recovery =
      byPasskey.current && passkey !== undefined ? await openByPasskey(passkey) : await readRecovery(words.peek());
    byPasskey.current = false;
    setWrong(typeof recovery === "string" ? recovery : undefined);
    if (typeof recovery === "string") return undefined;
    const answer = await app.engine.copy({ act: "open", recovery });
    // From here on the dialog shows how far it is.
    return answer.ok ? undefined : answer.error;
  };
  const name = kept.name ?? text("devices--unnamed");
  return (
    <FormDialog
      title={text("copy--open-title")}
      lead={text("copy--open-lead", { name, when: fullDayAndTime(kept.since) })}
      confirm={text("copy--open")}
      busyLabel={text("copy--busy")}
      about=""
      act={act}
      says={copyFailure}
      onClose={onClose}
      others={
        <button type="button" class="link" onClick={() => setEnding(true)}>
          {text("copy--end-without")}
        </button>
      }
    >
      {(_failure, note) => (
        <>
          {kept.ending === undefined ? undefined : (
            <p role="status">{text("copy--ending-on", { when: fullDayAndTime(kept.ending.at) })}</p>
          )}
          <div class="field">
            <label for={id}>{text("copy--words")}</label>
            <textarea
              id={id}
              rows={3}
              dir="ltr"
              autocapitalize="none"
              autocomplete="off"
              autocorrect="off"
              spellcheck={false}
              aria-invalid={wrong !== undefined}
              aria-describedby={note}
              value={shown}
              onInput={({ currentTarget }) => {
                words.value = currentTarget.value;
              }}
            />
          </div>
          <div class="field">
            <label for={file}>{text("copy--or-file")}</label>
            <input
              id={file}
              type="file"
              accept=".txt,text/plain"
              onChange={({ currentTarget }) => {
                const chosen = currentTarget.files?.[0];
                const read = async () => {
                  words.value = (await chosen?.slice(0, FILE_LOOKED_AT).text()) ?? "";
                };
                drop(read());
              }}
            />
          </div>
          {scanning ? (
            <QrScanner
              onFound={(found) => {
                words.value = found;
                setScanning(false);
              }}
            />
          ) : mayHaveCamera() ? (
            <button type="button" class="button button-quiet scan-button" onClick={() => setScanning(true)}>
              <Icon name="qr" />
              {text("scan--begin")}
            </button>
          ) : undefined}
          {passkey !== undefined && mayHavePasskeys() ? (
            <button
              type="submit"
              class="button button-quiet"
              onClick={() => {
                byPasskey.current = true;
              }}
            >
              {text("copy--passkey-open")}
            </button>
          ) : undefined}
          <WrongNote words={wrong && text(wrongWords(wrong))} />
        </>
      )}
    </FormDialog>
  );
}

function wrongWords(wrong: "few" | "mistyped" | NoPasskey) {
  return wrong === "few" || wrong === "mistyped"
    ? (`copy--words-${wrong}` as const)
    : (`copy--passkey-${wrong}` as const);
}
