import { signal } from "@preact/signals-core";
import { useId, useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { plural, type TextKey, text } from "../../i18n/aside.ts";
import type { DeviceItem, LinkOutcome, Trust } from "../../engine/protocol/account.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { nameOf } from "../../model/room.ts";
import { Dialog } from "../parts/dialog.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { Field } from "../parts/field.tsx";
import { Code, Fingerprint } from "../parts/fingerprint.tsx";
import { QrCode } from "../parts/qr-code.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";

type Closing = { readonly onClose: () => void };
type Of = Closing & { readonly jid: BareJid; readonly device: DeviceId };

export const TRUSTS = {
  undecided: "trust--undecided",
  blind: "trust--blind",
  verified: "trust--verified",
  distrusted: "trust--distrusted",
} as const satisfies Record<Trust, TextKey>;

/** What is known of one device, and everything that can be decided about it here. */
export function DeviceDialog({ jid, device, onClose }: Of) {
  const app = useApp();
  const view = useValue(app.devices);
  const account = useValue(app.account);
  const item = view?.jid === jid ? view.devices.find((candidate) => candidate.device === device) : undefined;
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  if (item === undefined) return null;
  const own = jid === account;
  const run = async (act: Promise<Failure | undefined>) => {
    setBusy(true);
    setFailure(await act);
    setBusy(false);
  };
  const decide = (fingerprint: string | undefined, trust: Exclude<Trust, "undecided">) => () => {
    if (fingerprint !== undefined) drop(run(app.settle(app.engine.decide({ jid, device, fingerprint, trust }))));
  };
  const title = item.name ?? (own ? text("devices--unnamed") : text("devices--number", { device: String(device) }));
  return (
    <Dialog title={title} onClose={onClose}>
      {item.changedTo === undefined || item.fingerprint === undefined ? (
        <Known item={item} own={own} busy={busy} decide={decide} />
      ) : (
        <Changed old={item.fingerprint} shown={item.changedTo} busy={busy} decide={decide} />
      )}
      <div class="device-decisions">
        {item.fingerprint === undefined || item.trust === "undecided" || item.trust === "distrusted" ? undefined : (
          <button
            type="button"
            class="button button-quiet"
            disabled={busy}
            onClick={() => drop(run(app.settle(app.engine.resetSession({ jid, device }))))}
          >
            {text("device--reset")}
          </button>
        )}
        {own && item.browser === undefined && item.listed ? (
          <button
            type="button"
            class="button button-bad"
            disabled={busy}
            onClick={() => drop(run(app.settle(app.engine.removeDevice({ device }))))}
          >
            {text("device--remove")}
          </button>
        ) : undefined}
      </div>
      <FailureNote failure={failure} address={jid} />
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" autofocus onClick={onClose}>
          {text("device--close")}
        </button>
      </div>
    </Dialog>
  );
}

type Decide = (fingerprint: string | undefined, trust: Exclude<Trust, "undecided">) => () => void;

function Known(of: {
  readonly item: DeviceItem;
  readonly own: boolean;
  readonly busy: boolean;
  readonly decide: Decide;
}) {
  const { item, own, busy, decide } = of;
  const { fingerprint, trust, code } = item;
  if (fingerprint === undefined) return <p>{text("devices--no-fingerprint")}</p>;
  const open = trust === "undecided" || trust === "distrusted";
  return (
    <>
      {trust === undefined ? undefined : <p>{text(TRUSTS[trust])}</p>}
      {code === undefined ? undefined : <Code label={text("notice--code")} digits={code} />}
      <Fingerprint digits={fingerprint} />
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
          <button type="button" class="button button-quiet" disabled={busy} onClick={decide(fingerprint, "distrusted")}>
            {text("device--distrust")}
          </button>
        )}
      </div>
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

/** Our fingerprints, to be scanned or copied by whoever wants to verify us. */
export function OwnLink({ onClose }: Closing) {
  const app = useApp();
  const uri = useValue(app.devices)?.uri;
  return (
    <Dialog title={text("link--own-title")} onClose={onClose}>
      <p>{text("link--own-text")}</p>
      {uri === undefined ? undefined : (
        <>
          <QrCode words={uri} label={text("link--qr")} />
          <p class="link-words" dir="ltr">
            <code>{uri}</code>
          </p>
        </>
      )}
      <div class="dialog-actions">
        <button type="button" class="button" autofocus onClick={onClose}>
          {text("device--close")}
        </button>
      </div>
    </Dialog>
  );
}

function outcomeWords({ verified, differing }: LinkOutcome): string {
  if (differing.length > 0) return text("link--differs");
  return verified === 0 ? text("link--none") : plural("link--verified", verified);
}

/** A contact's link, pasted: what it says is compared with what this browser has seen. */
export function VerifyLink({ jid, onClose }: Closing & { readonly jid: BareJid }) {
  const app = useApp();
  const name = nameOf(jid, useValue(app.chats));
  const [link] = useState(() => signal(""));
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [outcome, setOutcome] = useState<LinkOutcome | undefined>(undefined);
  const note = useId();
  const verify = async () => {
    const answer = await app.engine.verifyLink({ jid, link: link.peek() });
    setFailure(answer.ok ? undefined : answer.error);
    setOutcome(answer.ok ? answer.value : undefined);
  };
  const words =
    failure === undefined
      ? outcome && outcomeWords(outcome)
      : text(failure.kind === "wrong-account" ? "link--of-another" : "link--unreadable", { name });
  return (
    <Dialog title={text("link--verify-title", { name })} onClose={onClose}>
      <form
        class="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          drop(verify());
        }}
      >
        <p>{text("link--verify-text", { name })}</p>
        <Field
          label={text("link--field")}
          kind="new-address"
          value={link}
          placeholder="xmpp:"
          focus={true}
          wrong={failure !== undefined}
          describedBy={note}
        />
        <p id={note} role="status" class={failure || outcome?.differing.length ? "link-bad-words" : undefined}>
          {words}
        </p>
        <div class="dialog-actions">
          <button type="button" class="button button-quiet" onClick={onClose}>
            {text("device--close")}
          </button>
          <button type="submit" class="button">
            {text("link--compare")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
