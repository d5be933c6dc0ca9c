import { useEffect, useId, useState } from "preact/hooks";
import { type TextKey, text } from "../../i18n/text.ts";
import type { SessionView } from "../../engine/protocol/account.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { domainOf } from "../../../worker/shared/jid.ts";
import { fieldOf, SignIn } from "../../model/sign-in.ts";
import { FailureNote } from "../parts/failure-note.tsx";
import { Field } from "../parts/field.tsx";
import { Icon, Mark } from "../parts/icon.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";

type SignedOut = Extract<SessionView, { readonly state: "signed-out" }>;

function greetingOf(session: SignedOut): TextKey {
  if (session.because === "revoked") return "sign-in--revoked";
  if (session.account === undefined) return session.because === "by-choice" ? "sign-in--erased" : "sign-in--lead";
  return session.because === "expired" ? "sign-in--expired" : "sign-in--kept";
}

/** What is to be known before anything is typed; of lost data, also what a sign-in makes of this browser. */
function Greeting({ session }: { readonly session: SignedOut }) {
  const evicted = session.because === "evicted";
  return (
    <>
      <h1>{text(evicted ? "sign-in--evicted-title" : "sign-in--title")}</h1>
      <p class="gate-lead">{text(evicted ? "sign-in--evicted" : greetingOf(session))}</p>
      {evicted ? <p class="gate-lead">{text("sign-in--evicted-next")}</p> : undefined}
    </>
  );
}

function Form({ form, session }: { readonly form: SignIn; readonly session: SignedOut }) {
  const step = useValue(form.step);
  const address = useValue(form.address);
  const note = useId();
  const busy = step.step === "busy";
  const failure = step.step === "form" ? step.failure : undefined;
  const wrong = failure === undefined ? undefined : fieldOf(failure);
  return (
    <form
      class="gate-card"
      onSubmit={(event) => {
        event.preventDefault();
        drop(form.submit());
      }}
      noValidate
    >
      <Mark />
      <Greeting session={session} />
      <Field
        label={text("sign-in--address")}
        kind="address"
        value={form.address}
        placeholder={text("sign-in--address-hint")}
        disabled={busy}
        wrong={wrong === "address"}
        focus={session.account === undefined}
        describedBy={note}
      />
      <Field
        label={text("sign-in--password")}
        kind="password"
        value={form.password}
        disabled={busy}
        wrong={wrong === "password"}
        focus={session.account !== undefined}
        describedBy={note}
      />
      <FailureNote id={note} failure={failure} address={address} />
      <button type="submit" class="button button-wide" disabled={busy}>
        {text(busy ? "sign-in--busy" : session.because === "evicted" ? "sign-in--evicted-submit" : "sign-in--submit")}
      </button>
      <p class="gate-promise">
        <Icon name="lock" />
        <span>{text("sign-in--who-holds-what")}</span>
      </p>
    </form>
  );
}

function Consent({ form }: { readonly form: SignIn }) {
  const domain = domainOf(form.address.peek().trim());
  return (
    <section class="gate-card">
      <Mark />
      <h1>{text("consent--title", { domain })}</h1>
      <p class="gate-lead">{text("consent--what", { domain })}</p>
      <p class="gate-lead">{text("consent--meaning")}</p>
      <button type="button" class="button button-wide" onClick={() => drop(form.agree())}>
        {text("consent--agree", { domain })}
      </button>
      <button type="button" class="button button-quiet button-wide" onClick={() => form.back()}>
        {text("consent--back")}
      </button>
    </section>
  );
}

/** The way in. */
export function SignInScreen({ session }: { readonly session: SignedOut }) {
  const app = useApp();
  const [form] = useState(() => new SignIn(app.engine, session.account));
  const step = useValue(form.step);
  // Who was here may come out only after the form is on the screen.
  useEffect(() => form.suggest(session.account), [form, session.account]);
  return (
    <main class="gate">
      {step.step === "consent" ? <Consent form={form} /> : <Form form={form} session={session} />}
    </main>
  );
}
