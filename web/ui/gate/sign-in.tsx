import { signOut } from "../../model/account-actions.ts";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { type TextKey, text } from "../../i18n/text.ts";
import type { SessionView } from "../../engine/protocol/account.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { domainOf } from "../../../worker/shared/jid.ts";
import { fieldOf, SignIn } from "../../model/sign-in.ts";
import { FailureNote } from "../parts/failure-note.tsx";
import { Field } from "../parts/field.tsx";
import { Icon, Mark } from "../parts/icon.tsx";
import { LanguageChoice } from "../parts/language-choice.tsx";
import { failureWords } from "../parts/why.tsx";
import { useAhead } from "../hooks/use-ahead.ts";
import { useApp } from "../hooks/use-app.ts";
import { useFocus } from "../hooks/use-focus.ts";
import { useValue } from "../hooks/use-value.ts";
import { invitationHere } from "../page/invitation.ts";
import type { LaterPart } from "../page/later.ts";
import type { Invited } from "./invited.tsx";

/** What is fetched where somebody comes with an invitation. */
type InvitedPart = { readonly Invited: typeof Invited };

type SignedOut = Extract<SessionView, { readonly state: "signed-out" }>;

function greetingOf(session: SignedOut): TextKey {
  if (session.account === undefined) return session.because === "by-choice" ? "sign-in--erased" : "sign-in--lead";
  return session.because === "expired" ? "sign-in--expired" : "sign-in--kept";
}

/** What is to be known before anything is typed; of lost data, also what a sign-in makes of this browser. */
function Greeting({ session }: { readonly session: SignedOut }) {
  const words = NEW_DEVICE[session.because ?? "by-choice"];
  return (
    <>
      <h1>{text(words?.title ?? "sign-in--title")}</h1>
      <p class="gate-lead">{text(words?.lead ?? greetingOf(session))}</p>
      {words ? <p class="gate-lead">{text(words.next)}</p> : undefined}
    </>
  );
}

/** Where a sign-in makes this browser a new device. */
const NEW_DEVICE: Partial<Record<NonNullable<SignedOut["because"]>, Record<"title" | "lead" | "next", TextKey>>> = {
  evicted: { title: "sign-in--evicted-title", lead: "sign-in--evicted", next: "sign-in--evicted-next" },
  revoked: { title: "sign-in--revoked-title", lead: "sign-in--revoked", next: "sign-in--revoked-next" },
};

type FormProperties = {
  readonly form: SignIn;
  readonly session: SignedOut;
  readonly later: LaterPart<InvitedPart>;
  /** The person would rather erase what is locked here. */
  readonly onErase: () => void;
};

function Form({ form, session, later, onErase }: FormProperties) {
  const step = useValue(form.step);
  const address = useValue(form.address);
  const note = useId();
  const busy = step.step === "busy";
  const failure = step.step === "form" ? step.failure : undefined;
  const wrong = failure === undefined ? undefined : fieldOf(failure);
  const submit = useRef<HTMLButtonElement>(null);
  const now = useValue(later.now);
  const part = now.state === "here" ? now.part : undefined;
  useEffect(() => {
    // Whatever had the focus was disabled meanwhile and has lost it.
    if (failure !== undefined && wrong === undefined) submit.current?.focus();
  }, [failure, wrong]);
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
      {part ? <part.Invited form={form} account={session.account} /> : undefined}
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
      <button ref={submit} type="submit" class="button button-wide" disabled={busy}>
        {text(
          busy ? "sign-in--busy" : NEW_DEVICE[session.because ?? "by-choice"] ? "sign-in--as-new" : "sign-in--submit",
        )}
      </button>
      {session.because === "revoked" ? (
        <button type="button" class="button button-quiet button-wide" disabled={busy} onClick={onErase}>
          {text("sign-in--revoked-erase")}
        </button>
      ) : undefined}
      <p class="gate-promise">
        <Icon name="lock" />
        <span>{text("sign-in--who-holds-what")}</span>
      </p>
      <LanguageChoice />
    </form>
  );
}

/** In place of the form: a question. Its title gets the focus, so that it is read out and Enter agrees to nothing. */
function Question({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  const heading = useFocus<HTMLHeadingElement>();
  return (
    <section class="gate-card">
      <Mark />
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </section>
  );
}

function Consent({ form }: { readonly form: SignIn }) {
  const domain = domainOf(form.address.peek().trim());
  return (
    <Question title={text("consent--title", { domain })}>
      <p class="gate-lead">{text("consent--what", { domain })}</p>
      <p class="gate-lead">{text("consent--meaning")}</p>
      <button type="button" class="button button-wide" onClick={() => drop(form.agree())}>
        {text("consent--agree", { domain })}
      </button>
      <button type="button" class="button button-quiet button-wide" onClick={() => form.back()}>
        {text("consent--back")}
      </button>
    </Question>
  );
}

/** Asked once more, because nobody can bring it back. */
function EraseLocked({ account, onBack }: { readonly account: string; readonly onBack: () => void }) {
  const app = useApp();
  return (
    <Question title={text("erase-locked--title")}>
      <p class="gate-lead">{text("erase-locked--what", { account })}</p>
      <button type="button" class="button button-bad button-wide" onClick={() => drop(signOut(app, true))}>
        {text("erase-locked--confirm")}
      </button>
      <button type="button" class="button button-quiet button-wide" onClick={onBack}>
        {text("consent--back")}
      </button>
    </Question>
  );
}

const AHEAD = [failureWords];

/** The way in. */
export function SignInScreen({ session, later }: Pick<FormProperties, "session" | "later">) {
  const app = useApp();
  const [form] = useState(() => new SignIn(app.engine, session.account, invitationHere));
  const step = useValue(form.step);
  // Who was here may come out only after the form is on the screen.
  useEffect(() => form.suggest(session.account), [form, session.account]);
  useAhead(AHEAD);
  const busy = step.step === "busy";
  // What the server says may come before that.
  useEffect(() => {
    if (busy) failureWords.want();
  }, [busy]);
  const [erasing, setErasing] = useState(false);
  const locked = session.because === "revoked" ? session.account : undefined;
  return (
    <main class="gate">
      {step.step === "consent" ? (
        <Consent form={form} />
      ) : erasing && locked !== undefined ? (
        <EraseLocked account={locked} onBack={() => setErasing(false)} />
      ) : (
        <Form form={form} session={session} later={later} onErase={() => setErasing(true)} />
      )}
    </main>
  );
}
