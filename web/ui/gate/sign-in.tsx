import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { type TextKey, text } from "../../i18n/text.ts";
import type { SessionView } from "../../engine/protocol/account.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { fieldOf, SignIn } from "../../model/sign-in.ts";
import { FailureNote } from "../parts/failure-note.tsx";
import { Field } from "../parts/field.tsx";
import { Icon, Mark } from "../parts/icon.tsx";
import { LanguageChoice } from "../parts/language-choice.tsx";
import { failureWords } from "../parts/why.tsx";
import { useAhead } from "../hooks/use-ahead.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { invitationHere } from "../page/invitation.ts";
import type { LaterPart } from "../page/later.ts";
import { FetchedBanner } from "../parts/fetched.tsx";
import type { Consent } from "./consent.tsx";
import type { EraseLocked } from "./erase-locked.tsx";
import type { Invited } from "./invited.tsx";
import type { Register } from "./register.tsx";

/** What is fetched where somebody comes with an invitation, has no account yet, or is asked for consent. */
type InvitedPart = {
  readonly Invited: typeof Invited;
  readonly Register: typeof Register;
  readonly EraseLocked: typeof EraseLocked;
  readonly Consent: typeof Consent;
};

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

/** What is fetched when it is wanted: to make an account, or to erase what is locked here. */
type Aside = "create" | "erase" | undefined;

type FormProperties = {
  readonly form: SignIn;
  readonly session: SignedOut;
  readonly later: LaterPart<InvitedPart>;
  readonly aside: Aside;
  readonly onAside: (wanted: Aside) => void;
};

function Form({ form, session, later, aside, onAside }: FormProperties) {
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
      {part ? <part.Invited form={form} account={session.account} onCreate={() => onAside("create")} /> : undefined}
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
      {session.account === undefined || session.because === "revoked" ? (
        <button
          type="button"
          class="button button-quiet button-wide"
          disabled={busy}
          onClick={() => onAside(session.because === "revoked" ? "erase" : "create")}
        >
          {text(session.because === "revoked" ? "sign-in--revoked-erase" : "sign-in--create")}
        </button>
      ) : undefined}
      {aside && now.state === "failed" ? <p role="alert">{text("later--failed-text")}</p> : undefined}
      <p class="gate-promise">
        <Icon name="lock" />
        <span>{text("sign-in--who-holds-what")}</span>
      </p>
      <LanguageChoice />
    </form>
  );
}

/** The way in. */
export function SignInScreen({ session, later }: Pick<FormProperties, "session" | "later">) {
  const app = useApp();
  const [form] = useState(() => new SignIn(app.engine, session.account, invitationHere));
  const step = useValue(form.step);
  // Who was here may come out only after the form is on the screen.
  useEffect(() => form.suggest(session.account), [form, session.account]);
  useAhead(useMemo(() => [failureWords, later], [later]));
  const busy = step.step === "busy";
  // What the server says may come before that.
  useEffect(() => {
    if (busy) {
      failureWords.want();
      later.want();
    }
  }, [busy]);
  const [aside, setAside] = useState<Aside>();
  const part = useValue(later.now);
  const back = () => setAside(undefined);
  if (aside !== undefined && part.state === "here") {
    const { Register, EraseLocked } = part.part;
    return aside === "create" ? (
      <Register form={form} onBack={back} />
    ) : (
      <EraseLocked account={session.account ?? ""} onBack={back} />
    );
  }
  return (
    <main class="gate">
      {step.step === "consent" ? (
        <FetchedBanner later={later}>{({ Consent }) => <Consent form={form} />}</FetchedBanner>
      ) : (
        <Form
          form={form}
          session={session}
          later={later}
          aside={aside}
          onAside={(wanted) => {
            later.want();
            setAside(wanted);
          }}
        />
      )}
    </main>
  );
}
