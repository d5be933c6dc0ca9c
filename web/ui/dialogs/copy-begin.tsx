import { signal } from "@preact/signals-core";
import { useEffect, useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { fileOf, newRecovery, pictureOf, wordsOf } from "../../model/recovery.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { chooseFile } from "../page/export-file.ts";
import { keepInPasskey, mayHavePasskeys, type NoPasskey } from "../page/passkey.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Field } from "../parts/field.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { QrCode } from "../parts/qr-code.tsx";
import { WrongNote } from "../parts/wrong-note.tsx";
import { copyFailure } from "./copy-failure.ts";

type Closing = { readonly onClose: () => void };
type Key = { readonly recovery: Uint8Array<ArrayBuffer>; readonly words: readonly string[] };

/** Words that are asked for, so that they stand somewhere else than on this screen. */
const ASKED = 2;

/** What it is and what it costs; then the key, once; then it is on. */
export function BeginCopy({ onClose }: Closing) {
  const [step, setStep] = useState<"why" | "key" | "confirm">("why");
  const [saved, setSaved] = useState(false);
  const [passkey, setPasskey] = useState<string | undefined>(undefined);
  const [key, setKey] = useState<Key | undefined>(undefined);
  useEffect(() => {
    const make = async () => {
      const recovery = newRecovery();
      setKey({ recovery, words: await wordsOf(recovery) });
    };
    drop(make());
  }, []);
  if (step === "why" || key === undefined) return <Why next={() => setStep("key")} onClose={onClose} />;
  if (step === "key")
    return (
      <TheKey
        of={key}
        passkey={passkey}
        keepPasskey={setPasskey}
        saved={() => setSaved(true)}
        next={() => setStep("confirm")}
        onClose={onClose}
      />
    );
  return <Confirm of={key} saved={saved} passkey={passkey} back={() => setStep("key")} onClose={onClose} />;
}

function Why({ next, onClose }: Closing & { readonly next: () => void }) {
  return (
    <Dialog title={text("copy--title")} onClose={onClose}>
      <p>{text("copy--what")}</p>
      <p class="export-warning">
        <Icon name="alert" />
        <span>{text("copy--trade")}</span>
      </p>
      <p>{text("copy--what-not")}</p>
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" onClick={onClose}>
          {text("dialog--cancel")}
        </button>
        <button type="button" class="button" autofocus onClick={next}>
          {text("copy--next")}
        </button>
      </div>
    </Dialog>
  );
}

type Shown = Closing & {
  readonly of: Key;
  readonly passkey: string | undefined;
  readonly keepPasskey: (kept: string) => void;
  readonly saved: () => void;
  readonly next: () => void;
};

/** Shown once: nobody keeps it here. */
function TheKey({ of, passkey, keepPasskey, saved, next, onClose }: Shown) {
  const account = useValue(useApp().account) ?? "";
  const [refused, setRefused] = useState<NoPasskey | undefined>(undefined);
  const [unwritten, setUnwritten] = useState(false);
  const save = async () => {
    setUnwritten(false);
    const lines = [text("copy--file-title"), account, text("copy--file-lead")];
    const sink = await chooseFile(`alcove-${account}-recovery-key.txt`, "text/plain");
    if (sink === undefined) return;
    try {
      await sink.write(new TextEncoder().encode(fileOf(of.words, lines)));
      await sink.close();
      saved();
    } catch {
      // No room, or it was taken away: which of them browsers do not say alike.
      setUnwritten(true);
    }
  };
  const keep = async () => {
    setRefused(undefined);
    const made = await keepInPasskey(account, of.recovery);
    if (typeof made === "string") setRefused(made);
    else keepPasskey(made.kept);
  };
  return (
    <Dialog title={text("copy--key-title")} onClose={onClose}>
      <p>{text("copy--key-lead")}</p>
      <ol class="recovery-words" dir="ltr" translate={false} aria-label={text("copy--key-words")}>
        {of.words.map((word, n) => (
          <li key={`${n} ${word}`}>{word}</li>
        ))}
      </ol>
      <QrCode words={pictureOf(of.words)} label={text("copy--key-picture")} />
      <button type="button" class="button button-quiet" onClick={() => drop(save())}>
        {text("copy--key-save")}
      </button>
      {mayHavePasskeys() && passkey === undefined ? (
        <button type="button" class="button button-quiet" onClick={() => drop(keep())}>
          {text("copy--passkey-keep")}
        </button>
      ) : undefined}
      <p role="status">{passkey === undefined ? "" : text("copy--passkey-kept")}</p>
      <p role="alert">
        {refused === undefined ? (unwritten ? text("export--unwritable") : "") : text(`copy--passkey-${refused}`)}
      </p>
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" onClick={onClose}>
          {text("dialog--cancel")}
        </button>
        <button type="button" class="button" onClick={next}>
          {text("copy--key-kept")}
        </button>
      </div>
    </Dialog>
  );
}

/** Which of them, by their places: others each time. */
function drawn(count: number): readonly number[] {
  const places = Array.from({ length: count }, (_, n) => n);
  const random = crypto.getRandomValues(new Uint8Array(count));
  return places
    .toSorted((a, b) => (random[a] ?? 0) - (random[b] ?? 0))
    .slice(0, ASKED)
    .toSorted((a, b) => a - b);
}

function Confirm({
  of,
  saved,
  passkey,
  back,
  onClose,
}: Closing & {
  readonly of: Key;
  readonly saved: boolean;
  readonly passkey: string | undefined;
  readonly back: () => void;
}) {
  const app = useApp();
  const [places] = useState(() => (saved ? [] : drawn(of.words.length)));
  const [typed] = useState(() => places.map(() => signal("")));
  const [wrong, setWrong] = useState(false);
  const act = async (): Promise<Failure | undefined> => {
    const differs = places.some((place, n) => typed[n]?.peek().trim().toLowerCase() !== of.words[place]);
    setWrong(differs);
    if (differs) return undefined;
    const answer = await app.engine.copy({ act: "begin", recovery: of.recovery, passkey });
    // From here on the dialog shows what is kept.
    return answer.ok ? undefined : answer.error;
  };
  return (
    <FormDialog
      title={text("copy--confirm-title")}
      lead={text(saved ? "copy--confirm-saved" : "copy--confirm-lead")}
      confirm={text("copy--confirm")}
      busyLabel={text("copy--busy")}
      about=""
      act={act}
      says={copyFailure}
      onClose={onClose}
      others={
        <button type="button" class="link" onClick={back}>
          {text("copy--back")}
        </button>
      }
    >
      {(_failure, note) => (
        <>
          {places.map((place, n) => {
            const value = typed[n];
            return value === undefined ? undefined : (
              <Field
                key={place}
                label={text("copy--confirm-word", { number: String(place + 1) })}
                kind="name"
                value={value}
                focus={n === 0}
                describedBy={note}
              />
            );
          })}
          <WrongNote words={wrong ? text("copy--confirm-wrong") : undefined} />
        </>
      )}
    </FormDialog>
  );
}
