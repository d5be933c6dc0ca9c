import { signal } from "@preact/signals-core";
import { useEffect, useId, useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { CallValue } from "../../../worker/contract/calls.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { plural, text } from "../../i18n/aside.ts";
import type { DevicesView, LinkOutcome } from "../../engine/protocol/account.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { domainOf } from "../../../worker/shared/jid.ts";
import { fullDayAndTime } from "../../model/format.ts";
import { nameOf } from "../../model/chats.ts";
import { linkOf } from "../../model/server-invitation.ts";
import { Dialog } from "../parts/dialog.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { Field } from "../parts/field.tsx";
import { mayHaveCamera } from "../page/camera.ts";
import { Icon } from "../parts/icon.tsx";
import { CopyLink, LinkActions } from "../parts/link-actions.tsx";
import { QrScanner } from "../parts/qr-scanner.tsx";
import { QrCode } from "../parts/qr-code.tsx";
import { useWhy } from "../parts/why.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";

type Closing = { readonly onClose: () => void };

/** Our address with our fingerprints, to be scanned or copied: by whoever wants to verify us, or to write to us at all. */
export function OwnLink({ onClose, invites = false }: Closing & { readonly invites?: boolean }) {
  const app = useApp();
  const [view, setView] = useState<DevicesView | undefined>(undefined);
  useEffect(() => drop(app.engine.devices({ jid: undefined }).then(setView)), [app]);
  const uri = view?.uri;
  return (
    <Dialog title={text(invites ? "link--invite-title" : "link--own-title")} onClose={onClose}>
      <p>{text(invites ? "link--invite-text" : "link--own-text")}</p>
      <FailureNote failure={view?.failure} address="" />
      {uri === undefined ? undefined : <QrCode words={uri} label={text("link--qr")} />}
      {invites ? <Newcomer /> : undefined}
      <LinkActions link={uri} label={text("link--field")} onClose={onClose} />
    </Dialog>
  );
}

/** For somebody without an account: an invitation that the own server makes, as a link that this page opens (XEP-0401). */
function Newcomer() {
  const app = useApp();
  const account = useValue(app.account) ?? "";
  const domain = domainOf(account);
  const [made, setMade] = useState<CallValue<"inviteNewcomer"> | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const make = async () => {
    // Each one that is made lets somebody in.
    setBusy(true);
    const answer = await app.engine.ask({ call: "inviteNewcomer", about: {} });
    setBusy(false);
    if (answer.ok) setMade(answer.value);
    setFailure(answer.ok ? undefined : answer.error);
  };
  const link = made && linkOf(made.uri, location.origin);
  return (
    <section class="link-newcomer" aria-label={text("newcomer--title")}>
      <h3>{text("newcomer--title")}</h3>
      {link === undefined || made === undefined ? (
        <>
          <p>{text("newcomer--lead", { domain })}</p>
          <FailureNote
            failure={failure}
            address={account}
            {...(failure?.kind === "peer-refused" && { words: text("newcomer--none", { domain }) })}
          />
          <button type="button" class="button button-quiet" disabled={busy} onClick={() => drop(make())}>
            {text("newcomer--make")}
          </button>
        </>
      ) : (
        <>
          <p role="status">{text(made.makesAccount ? "newcomer--made" : "newcomer--made-contact", { domain })}</p>
          <QrCode words={link} label={text("newcomer--qr")} />
          {made.ends === undefined ? undefined : <p>{text("invited--ends", { day: fullDayAndTime(made.ends) })}</p>}
          <CopyLink link={link} label={text("newcomer--field")} />
        </>
      )}
    </section>
  );
}

function outcomeWords({ verified, differing }: LinkOutcome): string {
  if (differing.length > 0) return text("link--differs");
  return verified === 0 ? text("link--none") : plural("link--verified", verified);
}

type Verifying = Closing & {
  readonly jid: BareJid;
  /** The one that led here, and whether it is compared at once. */
  readonly link: string | undefined;
  readonly compare: boolean;
};

/** A contact's link, pasted or scanned: what it says is compared with what this browser has seen. */
export function VerifyLink({ jid, link: given, compare, onClose }: Verifying) {
  const app = useApp();
  const name = nameOf(jid, useValue(app.chats));
  const [link] = useState(() => signal(given ?? ""));
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [outcome, setOutcome] = useState<LinkOutcome | undefined>(undefined);
  const note = useId();
  const [scanning, setScanning] = useState(false);
  const verify = async () => {
    const answer = await app.engine.verifyLink({ jid, link: link.peek() });
    setFailure(answer.ok ? undefined : answer.error);
    setOutcome(answer.ok ? answer.value : undefined);
  };
  useEffect(() => {
    if (compare) drop(verify());
  }, [compare]);
  const why = useWhy(failure, jid);
  const words =
    failure === undefined
      ? outcome && outcomeWords(outcome)
      : failure.kind === "wrong-account"
        ? text("link--of-another", { name })
        : failure.kind === "malformed"
          ? text("link--unreadable", { name })
          : why?.words;
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
        {scanning ? (
          <QrScanner
            onFound={(words) => {
              setScanning(false);
              link.value = words;
              drop(verify());
            }}
          />
        ) : mayHaveCamera() ? (
          <button type="button" class="button button-quiet scan-button" onClick={() => setScanning(true)}>
            <Icon name="qr" />
            {text("scan--begin")}
          </button>
        ) : undefined}
        <Field
          label={text("link--field")}
          kind="new-address"
          value={link}
          placeholder="xmpp:"
          focus={!mayHaveCamera()}
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
