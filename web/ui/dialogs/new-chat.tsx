import { signal } from "@preact/signals-core";
import { useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { startByLink } from "../../model/links.ts";
import { meantAddress, suggestPeople } from "../../model/suggest.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { mayHaveCamera } from "../page/camera.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { QrScanner } from "../parts/qr-scanner.tsx";
import { PersonField } from "./person-field.tsx";
import { start } from "../../model/asking.ts";

/** With anybody, by name, address, link or code. What a code says of their devices is believed: it was seen on their screen. */
export function NewChat({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const [address] = useState(() => signal(""));
  const [scanning, setScanning] = useState(false);
  const [failed, setFailed] = useState<Failure | undefined>(undefined);
  const chats = useValue(app.chats);
  const account = useValue(app.account);
  const meant = () => meantAddress(address.peek(), suggestPeople(chats.values(), address.peek()));
  const scanned = async (words: string) => {
    setScanning(false);
    address.value = words;
    setFailed(await startByLink(app, words, "scanned"));
  };
  const others = (
    <div class="dialog-others">
      {(["create-room", "find-room"] as const).map((kind) => (
        <button
          key={kind}
          type="button"
          class="link"
          onClick={() => {
            app.dialog.value = { kind };
          }}
        >
          {text(`${kind}--open`)}
        </button>
      ))}
      {account === undefined ? undefined : (
        <button type="button" class="link" onClick={() => drop(app.orSay(start(app, account)))}>
          {text("notes--open")}
        </button>
      )}
    </div>
  );
  return (
    <FormDialog
      key={failed?.kind}
      title={text("new-chat--title")}
      lead={text("new-chat--lead")}
      confirm={text("new-chat--start")}
      busyLabel={text("new-chat--start")}
      about={useValue(address)}
      failed={failed}
      act={() => startByLink(app, meant(), "typed")}
      onClose={onClose}
      others={others}
    >
      {(failure, note) =>
        scanning ? (
          <QrScanner onFound={(words) => drop(scanned(words))} />
        ) : (
          <>
            <PersonField
              value={address}
              wrong={failure !== undefined}
              describedBy={note}
              onPick={({ jid }) => drop(app.orSay(start(app, jid)))}
            />
            {mayHaveCamera() ? (
              <button type="button" class="button button-quiet scan-button" onClick={() => setScanning(true)}>
                <Icon name="qr" />
                {text("new-chat--scan")}
              </button>
            ) : undefined}
          </>
        )
      }
    </FormDialog>
  );
}
