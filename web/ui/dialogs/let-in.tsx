import { useState } from "preact/hooks";
import type { DeviceId } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { mayHaveCamera } from "../page/camera.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { QrCode } from "../parts/qr-code.tsx";
import { QrScanner } from "../parts/qr-scanner.tsx";

type Closing = { readonly onClose: () => void };

/** This browser's picture, and the camera for that of the other one. `device`: which other one; else this one is new. */
export function BrowserPicture({ device, onClose }: Closing & { readonly device: DeviceId | undefined }) {
  const app = useApp();
  const notices = useValue(app.notices);
  const [scanning, setScanning] = useState(false);
  const [said, setSaid] = useState<"scanned" | "not-one" | "no-other" | undefined>(undefined);
  const card = notices.flatMap((notice) =>
    (notice.kind === "joining" && device === undefined) || (notice.kind === "letting-in" && notice.device === device)
      ? (notice.card ?? [])
      : [],
  )[0];
  const found = async (words: string) => {
    setScanning(false);
    const answer = await app.engine.letIn({ act: "scanned", text: words });
    setSaid(answer.ok ? "scanned" : answer.error.kind === "malformed" ? "not-one" : "no-other");
  };
  return (
    <Dialog title={text("let-in--picture-title")} onClose={onClose}>
      <p>{text("let-in--picture-text")}</p>
      {scanning ? (
        <QrScanner onFound={(words) => drop(found(words))} />
      ) : (
        <>
          {card === undefined ? undefined : <QrCode words={card} label={text("let-in--picture")} />}
          {mayHaveCamera() && said !== "scanned" ? (
            <button type="button" class="button button-quiet scan-button" onClick={() => setScanning(true)}>
              <Icon name="qr" />
              {text("scan--begin")}
            </button>
          ) : undefined}
        </>
      )}
      <p role="status" class={said === "not-one" || said === "no-other" ? "link-bad-words" : undefined}>
        {said === undefined ? "" : text(`let-in--${said}`)}
      </p>
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" autofocus onClick={onClose}>
          {text("let-in--close")}
        </button>
      </div>
    </Dialog>
  );
}

/** A browser that the person knows nothing of is signed out: what its person knew is to be another one. */
export function BrowserRefused({ name, onClose }: Closing & { readonly name: string }) {
  const app = useApp();
  return (
    <Dialog title={text("let-in--refused-title", { name })} onClose={onClose}>
      <p>{text("let-in--refused-text")}</p>
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" onClick={onClose}>
          {text("let-in--later")}
        </button>
        <button
          type="button"
          class="button"
          autofocus
          onClick={() => {
            app.dialog.value = { kind: "change-password" };
          }}
        >
          {text("change-password--title")}
        </button>
      </div>
    </Dialog>
  );
}
