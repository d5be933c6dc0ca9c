import { revoke, signOut, stayOnline } from "../../model/account-actions.ts";
import { useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BrowserId } from "../../../worker/contract/names.ts";
import { text } from "../../i18n/aside.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { Dialog } from "../parts/dialog.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";

type Closing = { readonly onClose: () => void };

type Action = Closing & {
  readonly label: string;
  readonly busyLabel?: string;
  readonly bad: boolean;
  readonly act: () => Promise<Failure | undefined>;
};

/** Cancel, and the one thing this dialog is about, with what went wrong when it did. */
function Actions({ label, busyLabel, bad, act, onClose }: Action) {
  const app = useApp();
  const account = useValue(app.account);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const run = async () => {
    setBusy(true);
    setFailure(await act());
    setBusy(false);
  };
  return (
    <>
      <FailureNote failure={failure} address={account ?? ""} />
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" autofocus={bad} onClick={onClose}>
          {text("dialog--cancel")}
        </button>
        <button type="button" class={bad ? "button button-bad" : "button"} disabled={busy} onClick={() => drop(run())}>
          {busy ? (busyLabel ?? label) : label}
        </button>
      </div>
    </>
  );
}

type Target = { readonly browser: BrowserId; readonly name: string; readonly gone: boolean };

/** Ending the session of another browser is final for what that browser holds. */
export function Revoke({ browser, name, gone, onClose }: Closing & Target) {
  const app = useApp();
  return (
    <Dialog title={text(gone ? "revoke--title-gone" : "revoke--title", { name })} onClose={onClose}>
      <p>{text(gone ? "revoke--what-gone" : "revoke--what")}</p>
      <p>{text("revoke--limit")}</p>
      <Actions
        label={text(gone ? "revoke--confirm-gone" : "revoke--confirm", { name })}
        busyLabel={text("revoke--busy")}
        bad={true}
        act={() => revoke(app, browser)}
        onClose={onClose}
      />
    </Dialog>
  );
}

/** The same for all but this one. */
export function RevokeOthers({ onClose }: Closing) {
  const app = useApp();
  return (
    <Dialog title={text("revoke--title-others")} onClose={onClose}>
      <p>{text("revoke--what-others")}</p>
      <p>{text("revoke--limit")}</p>
      <Actions
        label={text("revoke--confirm-others")}
        busyLabel={text("revoke--busy")}
        bad={true}
        act={() => revoke(app, "others")}
        onClose={onClose}
      />
    </Dialog>
  );
}

/** It is off, and there is one thing left that only the person can do. */
export function NotRenewed({ onClose }: Closing) {
  return (
    <Dialog title={text("not-renewed--title")} onClose={onClose}>
      <p>{text("not-renewed--what")}</p>
      <div class="dialog-actions">
        <button type="button" class="button" autofocus onClick={onClose}>
          {text("not-renewed--close")}
        </button>
      </div>
    </Dialog>
  );
}

/** Somebody who is here needs no invitation; that it is not used up is to be said. */
export function InvitedAlready({ onClose }: Closing) {
  const account = useValue(useApp().account) ?? "";
  return (
    <Dialog title={text("invited-already--title")} onClose={onClose}>
      <p>{text("invited-already--what", { account })}</p>
      <p>{text("invited-already--other")}</p>
      <button type="button" class="button button-wide" onClick={onClose}>
        {text("invited-already--close")}
      </button>
    </Dialog>
  );
}

/** Who could do what with it is said before it is switched on. */
export function StayOnline({ onClose }: Closing) {
  const app = useApp();
  const on = useValue(app.connection).stayOnline === true;
  return (
    <Dialog title={text("stay-online--title")} onClose={onClose}>
      {on ? (
        <>
          <p>{text("stay-online--is-on")}</p>
          <p>{text("stay-online--off-what")}</p>
        </>
      ) : (
        <>
          <p>{text("stay-online--what")}</p>
          <p>{text("stay-online--who")}</p>
          <p>{text("stay-online--cost")}</p>
        </>
      )}
      <Actions
        label={text(on ? "stay-online--turn-off" : "stay-online--turn-on")}
        bad={false}
        act={() => stayOnline(app, !on)}
        onClose={onClose}
      />
    </Dialog>
  );
}

/** The way out for a browser whose keys must not be used any more. */
export function StartAnew({ onClose }: Closing) {
  const app = useApp();
  return (
    <Dialog title={text("behind--confirm-title")} onClose={onClose}>
      <p>{text("behind--confirm-what")}</p>
      <Actions label={text("behind--confirm")} bad={true} act={() => signOut(app, true)} onClose={onClose} />
    </Dialog>
  );
}
