import { signal } from "@preact/signals-core";
import { useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { BareJid, BrowserId, DeviceId } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { DeviceItem, Trust } from "../../engine/protocol/account.ts";
import { text } from "../../i18n/aside.ts";
import { deviceName, deviceState, trustMark } from "../../model/devices.ts";
import { date } from "../../model/format.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Dialog } from "../parts/dialog.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { Field } from "../parts/field.tsx";
import { Fingerprint, LargeCode } from "../parts/fingerprint.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { accountNow } from "../../model/clock.ts";
import { settle } from "../../model/asking.ts";

type Closing = { readonly onClose: () => void };
type Of = Closing & {
  readonly jid: BareJid;
  readonly device: DeviceId | undefined;
  readonly browser: BrowserId | undefined;
};

type Decide = (fingerprint: string | undefined, trust: Exclude<Trust, "undecided">) => () => void;

/** What is known of one device, and everything that can be done about it here. */
export function DeviceDialog({ jid, device, browser, onClose }: Of) {
  const app = useApp();
  const view = useValue(app.devices);
  const own = jid === useValue(app.account);
  const item =
    view?.jid === jid
      ? view.devices.find((one) => (device === undefined ? one.browser === browser : one.device === device))
      : undefined;
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  if (item === undefined) return null;
  const run = async (act: Promise<Failure | undefined>) => {
    setBusy(true);
    setFailure(await act);
    setBusy(false);
  };
  const decide: Decide = (fingerprint, trust) => () => {
    if (fingerprint === undefined || device === undefined) return;
    drop(run(settle(app, app.engine.decide({ jid, device, fingerprint, trust }))));
  };
  const asked = { item, own, busy };
  return (
    <Dialog title={deviceName(item, own)} onClose={onClose}>
      <Facts item={item} />
      {item.changedTo === undefined || item.fingerprint === undefined ? (
        <Known {...asked} decide={decide} />
      ) : (
        <Changed old={item.fingerprint} shown={item.changedTo} busy={busy} decide={decide} />
      )}
      <Acts {...asked} jid={jid} run={run} />
      <FailureNote failure={failure} address={jid} />
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" autofocus onClick={onClose}>
          {text("device--close")}
        </button>
      </div>
    </Dialog>
  );
}

function Facts({ item }: { readonly item: DeviceItem }) {
  const mark = trustMark(item);
  const since = item.firstSeen ?? item.met;
  const facts = [
    deviceState(item, accountNow()),
    since === undefined || item.signedOut ? undefined : text("devices--since", { when: date(since) }),
    mark && text(mark.key),
    item.decidedBy === undefined ? undefined : text("devices--decided-in", { name: item.decidedBy }),
  ];
  return <p>{facts.filter((fact) => fact !== undefined).join(" · ")}</p>;
}

type Asked = { readonly item: DeviceItem; readonly own: boolean; readonly busy: boolean };

/** What is compared: the short code where both screens can show it, the whole key where they cannot. */
function Known({ item, own, busy, decide }: Asked & { readonly decide: Decide }) {
  const { fingerprint, trust, code, here } = item;
  if (fingerprint === undefined) return item.device === undefined ? null : <p>{text("devices--no-fingerprint")}</p>;
  const open = trust === "undecided" || trust === "distrusted";
  return (
    <>
      {code === undefined || item.browser === undefined ? undefined : <LargeCode digits={code} />}
      <div>
        <p>{text("devices--fingerprint")}</p>
        <Fingerprint digits={fingerprint} />
      </div>
      {here ? undefined : (
        <>
          {own && item.browser !== undefined && trust === "blind" ? <p>{text("device--not-compared")}</p> : undefined}
          <p>{text(own ? "device--compare-own" : "device--compare")}</p>
          <div class="device-decisions">
            {trust === "verified" ? undefined : (
              <button type="button" class="button" disabled={busy} onClick={decide(fingerprint, "verified")}>
                {text("device--verify")}
              </button>
            )}
            {open ? (
              <button type="button" class="button button-quiet" disabled={busy} onClick={decide(fingerprint, "blind")}>
                {text(own ? "device--allow" : "device--trust")}
              </button>
            ) : undefined}
            {trust === "distrusted" ? undefined : (
              <button
                type="button"
                class="button button-quiet"
                disabled={busy}
                onClick={decide(fingerprint, "distrusted")}
              >
                {text("device--distrust")}
              </button>
            )}
          </div>
        </>
      )}
    </>
  );
}

/** Two keys claim to be this device (T35): nothing is chosen for the person. */
function Changed(of: {
  readonly old: string;
  readonly shown: string;
  readonly busy: boolean;
  readonly decide: Decide;
}) {
  const { old, shown, busy, decide } = of;
  return (
    <>
      <p>
        <b>{text("device--changed")}</b> {text("device--changed-text")}
      </p>
      <p>{text("device--old-key")}</p>
      <Fingerprint digits={old} />
      <p>{text("device--new-key")}</p>
      <Fingerprint digits={shown} />
      <div class="device-decisions">
        <button type="button" class="button" disabled={busy} onClick={decide(shown, "verified")}>
          {text("device--accept-compared")}
        </button>
        <button type="button" class="button button-quiet" disabled={busy} onClick={decide(shown, "blind")}>
          {text("device--accept")}
        </button>
        <button type="button" class="button button-quiet" disabled={busy} onClick={decide(shown, "distrusted")}>
          {text("device--keep-old")}
        </button>
      </div>
    </>
  );
}

type Acting = Asked & {
  readonly jid: BareJid;
  readonly run: (act: Promise<Failure | undefined>) => Promise<void>;
};

/** What is done with the device itself. */
function Acts({ item, own, busy, jid, run }: Acting) {
  const app = useApp();
  const { device, browser, trust, fingerprint, here, signedOut } = item;
  const name = deviceName(item, own);
  const trusted = fingerprint !== undefined && (trust === "blind" || trust === "verified");
  return (
    <div class="device-decisions device-acts">
      {browser === undefined ? undefined : (
        <button
          type="button"
          class="button button-quiet"
          onClick={() => {
            app.dialog.value = { kind: "rename-browser", browser, name };
          }}
        >
          {text("device--rename")}
        </button>
      )}
      {trusted && device !== undefined ? (
        <button
          type="button"
          class="button button-quiet"
          disabled={busy}
          onClick={() => drop(run(settle(app, app.engine.resetSession({ jid, device }))))}
        >
          {text("device--reset")}
        </button>
      ) : undefined}
      {browser === undefined || here ? undefined : (
        <button
          type="button"
          class="button button-quiet button-quiet-bad"
          aria-label={text(signedOut ? "devices--remove-of" : "devices--sign-out-of", { name })}
          onClick={() => {
            app.dialog.value = { kind: "revoke", browser, name, gone: signedOut };
          }}
        >
          {text(signedOut ? "devices--remove" : "devices--sign-out")}
        </button>
      )}
      {own && browser === undefined && device !== undefined && item.listed && !here ? (
        <button
          type="button"
          class="button button-quiet button-quiet-bad"
          disabled={busy}
          onClick={() => drop(run(settle(app, app.engine.removeDevice({ device }))))}
        >
          {text("device--remove")}
        </button>
      ) : undefined}
    </div>
  );
}

/** What a browser is called in all browsers of the account. */
export function RenameBrowser({
  browser,
  name,
  onClose,
}: Closing & { readonly browser: BrowserId; readonly name: string }) {
  const app = useApp();
  const [value] = useState(() => signal(name));
  const rename = () =>
    settle(
      app,
      app.engine.ask({
        call: "renameBrowser",
        about: { browser, name: value.peek().trim().slice(0, LIMITS.browserNameLength) },
      }),
    );
  return (
    <FormDialog
      title={text("rename-browser--title", { name })}
      lead={text("rename-browser--lead")}
      confirm={text("rename-room--confirm")}
      busyLabel={text("rename-room--busy")}
      about={name}
      act={rename}
      onClose={onClose}
    >
      {(failure, note) => (
        <Field
          label={text("create-room--name")}
          kind="name"
          value={value}
          focus={true}
          wrong={failure !== undefined}
          describedBy={note}
        />
      )}
    </FormDialog>
  );
}
