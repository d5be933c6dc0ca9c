import { useState } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";

/** Copies a link, and hands it to another app where the device can do that. */
export function LinkActions({ link, onClose }: { readonly link: string | undefined; readonly onClose: () => void }) {
  const [said, setSaid] = useState<"copied" | "not-copied" | undefined>(undefined);
  const copy = async () => {
    if (link === undefined) return;
    try {
      await navigator.clipboard.writeText(link);
      setSaid("copied");
    } catch {
      // Some browsers ask first and may be refused: the link stands above, to be selected.
      setSaid("not-copied");
    }
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
