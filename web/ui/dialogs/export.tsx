import { signal } from "@preact/signals-core";
import { useEffect, useId, useState } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import { type ExportFormat, type ExportWords, PASSPHRASE_LEAST } from "../../engine/protocol/exporting.ts";
import { plural, text } from "../../i18n/aside.ts";
import { spokenDirection, spokenLocale } from "../../i18n/text.ts";
import { ExportRun, type ExportState } from "../../model/export-run.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { chooseFile } from "../page/export-file.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Field } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";

const FORMATS = ["page", "lines", "sealed"] as const;
const FILES = {
  page: { ending: "html", type: "text/html" },
  lines: { ending: "jsonl", type: "application/jsonl" },
  sealed: { ending: "alcove", type: "application/octet-stream" },
} as const satisfies Record<ExportFormat, unknown>;

function exportWords(): ExportWords {
  return {
    title: text("export--file-title"),
    lead: text("export--warning"),
    you: text("export--you"),
    edited: text("message--edited"),
    clear: text("message--clear"),
    whisper: text("whisper--from"),
    whisperTo: text("whisper--to", { name: "{name}" }),
    language: spokenLocale(),
    direction: spokenDirection(),
  };
}

/** How far it is, and how it ended. */
function Progress({ run }: { readonly run: ExportRun }) {
  const now = useValue(run.now);
  const id = useId();
  return (
    <>
      {now.state === "writing" ? (
        <>
          <p id={id}>{text("export--writing")}</p>
          <progress class="export-progress" aria-labelledby={id} value={now.done} max={Math.max(1, now.all)} />
        </>
      ) : undefined}
      <p role="status">{now.state === "done" ? plural("export--done", now.written) : ""}</p>
      <p role="alert">{failureOf(now)}</p>
    </>
  );
}

function failureOf({ state }: ExportState): string {
  return state === "unreadable" || state === "unwritable" ? text(`export--${state}`) : "";
}

/** Everything that can be read in this browser, as a file for oneself. */
export function Export({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const [format, setFormat] = useState<ExportFormat>("page");
  const [run, setRun] = useState<ExportRun | undefined>(undefined);
  const [passphrase] = useState(() => signal(""));
  const [short, setShort] = useState(false);
  const group = useId();
  const note = useId();
  useEffect(() => () => run?.cancel(), [run]);
  const begin = async () => {
    const account = app.account.peek();
    if (account === undefined || app.workers.export === undefined) return;
    const sealed = format === "sealed";
    setShort(sealed && passphrase.peek().length < PASSPHRASE_LEAST);
    if (sealed && passphrase.peek().length < PASSPHRASE_LEAST) return;
    const { ending, type } = FILES[format];
    const day = new Date().toISOString().slice(0, "2026-01-01".length);
    const sink = await chooseFile(`alcove-${account}-${day}.${ending}`, type);
    if (sink === undefined) return;
    setRun(
      new ExportRun(app.workers.export(), sink, {
        ...{ account, format, words: exportWords() },
        ...(sealed && { passphrase: passphrase.peek() }),
      }),
    );
  };
  return (
    <Dialog title={text("export--title")} onClose={onClose}>
      <p>{text("export--lead")}</p>
      <p class="export-warning">
        <Icon name="alert" />
        <span>{text(format === "sealed" ? "export--passphrase-warning" : "export--warning")}</span>
      </p>
      {run === undefined ? (
        <fieldset class="options">
          <legend>{text("export--format")}</legend>
          {FORMATS.map((one) => (
            <label key={one}>
              <input type="radio" name={group} checked={format === one} onChange={() => setFormat(one)} />
              {text(`export--${one}`)}
            </label>
          ))}
          {format === "sealed" ? (
            <>
              <Field
                label={text("export--passphrase")}
                kind="new-password"
                value={passphrase}
                wrong={short}
                describedBy={note}
              />
              <p id={note} role={short ? "alert" : undefined}>
                {text("export--passphrase-least", { count: String(PASSPHRASE_LEAST) })}
              </p>
            </>
          ) : undefined}
        </fieldset>
      ) : (
        <Progress run={run} />
      )}
      <ExportActions run={run} begin={() => drop(begin())} onClose={onClose} />
    </Dialog>
  );
}

function ExportActions(of: {
  readonly run: ExportRun | undefined;
  readonly begin: () => void;
  readonly onClose: () => void;
}) {
  if (of.run !== undefined) return <Ending run={of.run} onClose={of.onClose} />;
  return (
    <div class="dialog-actions">
      <button type="button" class="button button-quiet" onClick={of.onClose}>
        {text("dialog--cancel")}
      </button>
      <button type="button" class="button" autofocus onClick={of.begin}>
        {text("export--confirm")}
      </button>
    </div>
  );
}

function Ending({ run, onClose }: { readonly run: ExportRun; readonly onClose: () => void }) {
  const { state } = useValue(run.now);
  return (
    <div class="dialog-actions">
      <button type="button" class="button button-quiet" onClick={onClose}>
        {text(state === "writing" ? "dialog--cancel" : "device--close")}
      </button>
    </div>
  );
}
