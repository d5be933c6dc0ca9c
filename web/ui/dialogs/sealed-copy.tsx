import type { CopyView } from "../../engine/protocol/copy.ts";
import { text } from "../../i18n/aside.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Dialog } from "../parts/dialog.tsx";
import { BeginCopy } from "./copy-begin.tsx";
import { KeptCopy } from "./copy-kept.tsx";
import { OpenCopy } from "./copy-open.tsx";

/** The sealed copy of the account's texts: begun, opened, or as it is now, also where that changes while this is open. */
export function SealedCopy({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const copy = useValue(app.notices).find((notice): notice is CopyView => notice.kind === "sealed-copy");
  if (copy === undefined)
    return (
      <Dialog title={text("copy--title")} onClose={onClose}>
        <p>{text("copy--unknown")}</p>
        <div class="dialog-actions">
          <button type="button" class="button" autofocus onClick={onClose}>
            {text("device--close")}
          </button>
        </div>
      </Dialog>
    );
  if (copy.here === "keeps" || copy.here === "reading") return <KeptCopy copy={copy} onClose={onClose} />;
  return copy.kept === undefined ? <BeginCopy onClose={onClose} /> : <OpenCopy kept={copy.kept} onClose={onClose} />;
}
