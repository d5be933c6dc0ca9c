import { useState } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";

type Said = "copied" | "not-copied" | undefined;

/** Some browsers ask first and may be refused: the link stands above, to be selected. */
async function copied(link: string): Promise<Said> {
  try {
    await navigator.clipboard.writeText(link);
    return "copied";
  } catch {
    return "not-copied";
  }
}

/** What it says, which hardly anybody reads: for whoever wants to, and to be selected where it could not be copied. */
function LinkWords({ link, label, open }: { readonly link: string; readonly label: string; readonly open: boolean }) {
  return (
    <details class="link-text" open={open}>
      <summary>{text("link--as-text")}</summary>
      <textarea class="link-words" dir="ltr" readOnly rows={3} aria-label={label} value={link} />
    </details>
  );
}

/** Copies a link, and nothing else. */
export function CopyLink({ link, label }: { readonly link: string; readonly label: string }) {
  const [said, setSaid] = useState<Said>(undefined);
  return (
    <>
      <LinkWords link={link} label={label} open={said === "not-copied"} />
      <p role="status">{said === undefined ? "" : text(`link--${said}`)}</p>
      <button type="button" class="button button-quiet" onClick={() => drop(copied(link).then(setSaid))}>
        {text("newcomer--copy")}
      </button>
    </>
  );
}

type Properties = { readonly link: string | undefined; readonly label: string; readonly onClose: () => void };

/** Copies a link, and hands it to another app where the device can do that. */
export function LinkActions({ link, label, onClose }: Properties) {
  const [said, setSaid] = useState<Said>(undefined);
  const copy = async () => {
    if (link !== undefined) setSaid(await copied(link));
  };
  const share = async () => {
    if (link === undefined) return;
    try {
      await navigator.share({ text: link });
    } catch {
      // The person has thought better of it.
    }
  };
  return (
    <>
      {link === undefined ? undefined : <LinkWords link={link} label={label} open={said === "not-copied"} />}
      <p role="status">{said === undefined ? "" : text(`link--${said}`)}</p>
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" autofocus onClick={onClose}>
          {text("device--close")}
        </button>
        {typeof navigator.share === "function" ? (
          <button type="button" class="button button-quiet" onClick={() => drop(share())}>
            {text("link--share")}
          </button>
        ) : undefined}
        <button type="button" class="button" disabled={link === undefined} onClick={() => drop(copy())}>
          {text("link--copy")}
        </button>
      </div>
    </>
  );
}
