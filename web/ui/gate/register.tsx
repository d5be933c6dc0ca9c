/** Making an account: fetched (`aside.tsx`) when somebody asks for it on the sign-in screen. */
import { useEffect, useId, useState } from "preact/hooks";
import type { RegistrationRefused } from "../../../worker/contract/registration.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import { text } from "../../i18n/aside.ts";
import { Registration, type RegistrationStep } from "../../model/registration.ts";
import type { SignIn } from "../../model/sign-in.ts";
import { useFocus } from "../hooks/use-focus.ts";
import { useValue } from "../hooks/use-value.ts";
import { invitationHere } from "../page/invitation.ts";
import { FailureNote } from "../parts/failure-note.tsx";
import { Field } from "../parts/field.tsx";
import { Icon, Mark } from "../parts/icon.tsx";
import { accountMade, joining } from "./joining.ts";
import { RegistrationFields } from "./registration-fields.tsx";

type Properties = { readonly form: SignIn; readonly onBack: () => void };
type Step<Name extends RegistrationStep["step"]> = Extract<RegistrationStep, { readonly step: Name }>;

/** In place of the sign-in form. With the account it made it signs in there, as anybody does. */
export function Register({ form, onBack }: Properties) {
  const [making] = useState(
    () =>
      new Registration((address, password, by) => {
        form.address.value = address;
        form.password.value = password;
        accountMade(by);
        onBack();
        drop(form.submit());
      }, invitationHere),
  );
  useEffect(() => {
    const by = joining();
    drop(making.begin(by?.makesAccount === true ? by : undefined));
    return () => making.end();
  }, [making]);
  const step = useValue(making.step);
  return (
    <main class="gate">
      <section class="gate-card">
        <Mark />
        <Inside making={making} step={step} />
        <button type="button" class="button button-quiet button-wide" onClick={onBack}>
          {text("register--back")}
        </button>
      </section>
    </main>
  );
}

function Inside({ making, step }: { readonly making: Registration; readonly step: RegistrationStep }) {
  switch (step.step) {
    case "server":
      return <Server making={making} step={step} />;
    case "loading":
      return (
        <>
          <Title words={text("register--title")} />
          <p class="gate-waiting" role="status">
            <span class="busy-dot" aria-hidden="true" />
            {text("register--loading", { domain: making.domain })}
          </p>
        </>
      );
    case "form":
      return <Form key={step.attempt} making={making} step={step} />;
    case "web":
      return <Web making={making} url={step.url} />;
    default:
      return missingCase(step);
  }
}

/** Of each step; it is read out when that comes. */
function Title({ words }: { readonly words: string }) {
  const heading = useFocus<HTMLHeadingElement>();
  return (
    <h1 ref={heading} tabIndex={-1}>
      {words}
    </h1>
  );
}

function Server({
  making,
  step: { offered, failure },
}: {
  readonly making: Registration;
  readonly step: Step<"server">;
}) {
  const server = useValue(making.server);
  const note = useId();
  const none = offered !== undefined && offered.servers.length === 0 && !offered.others;
  return (
    <form
      class="register"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        drop(making.choose());
      }}
    >
      <Title words={text("register--title")} />
      <p class="gate-lead">{text("register--what-is-xmpp")}</p>
      {none ? (
        <p class="gate-lead">{text("register--none")}</p>
      ) : offered && offered.servers.length > 0 ? (
        <Servers servers={offered.servers} chosen={server} onChoose={(domain) => (making.server.value = domain)} />
      ) : undefined}
      {none || offered?.others ? (
        <Field
          label={text(none ? "register--link" : "register--server")}
          kind="new-address"
          value={making.server}
          placeholder={none ? "xmpp:" : text("register--server-hint")}
          wrong={failure !== undefined}
          describedBy={note}
        />
      ) : undefined}
      {offered?.others ? <p class="gate-hint">{text("register--server-which")}</p> : undefined}
      <FailureNote id={note} failure={failure} address={`@${making.domain || server}`} />
      <button type="submit" class="button button-wide" disabled={offered === undefined && failure === undefined}>
        {text("register--next")}
      </button>
    </form>
  );
}

function Servers({
  servers,
  chosen,
  onChoose,
}: {
  readonly servers: readonly string[];
  readonly chosen: string;
  readonly onChoose: (domain: string) => void;
}) {
  const name = useId();
  return (
    <fieldset class="register-servers">
      <legend>{text("register--servers")}</legend>
      {servers.map((domain) => (
        <label key={domain}>
          <input type="radio" name={name} checked={domain === chosen} onChange={() => onChoose(domain)} />
          <bdi>{domain}</bdi>
        </label>
      ))}
    </fieldset>
  );
}

/** What the server did not like of the form before. */
function Refused({ refused, domain }: { readonly refused: RegistrationRefused | undefined; readonly domain: string }) {
  if (refused === undefined) return null;
  return (
    <>
      <FailureNote
        failure={{ kind: "registration", detail: refused.why }}
        address={`@${domain}`}
        // A server's own reason may have nothing to do with what was filled in: "through invitation only".
        words={
          refused.why === "not-accepted" && refused.says !== undefined
            ? text("register--reason", { domain })
            : undefined
        }
      />
      {refused.says === undefined ? undefined : (
        <p class="gate-hint">
          {text("register--says", { domain })} <q dir="auto">{refused.says}</q>
        </p>
      )}
    </>
  );
}

function Form({ making, step }: { readonly making: Registration; readonly step: Step<"form"> }) {
  const { form, busy, refused, failure } = step;
  const { domain, by } = making;
  return (
    <form
      class="register"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        drop(making.submit());
      }}
    >
      <Title words={text("register--form-title", { domain })} />
      {by?.inviter === undefined ? undefined : (
        <p class="gate-invited">{text("register--invited-by", { inviter: by.inviter })}</p>
      )}
      {form.instructions === undefined ? undefined : (
        <p class="gate-lead">
          {text("register--says", { domain })} <q dir="auto">{form.instructions}</q>
        </p>
      )}
      <RegistrationFields making={making} form={form} domain={domain} busy={busy} refused={refused?.why} />
      <p class="gate-promise">
        <Icon name="lock" />
        <span>{text("register--who-learns", { domain })}</span>
      </p>
      {failure === undefined ? (
        <Refused refused={refused} domain={domain} />
      ) : (
        <FailureNote
          failure={failure}
          address={`@${domain}`}
          // Only its first part was asked for.
          words={failure.kind === "address-invalid" ? text("register--name-unfit") : undefined}
        />
      )}
      <button type="submit" class="button button-wide" disabled={busy}>
        {text(busy ? "register--busy" : "register--submit")}
      </button>
      <button type="button" class="link" disabled={busy} onClick={() => making.back()}>
        {text("register--other-server")}
      </button>
    </form>
  );
}

/** The server makes accounts on its own page alone: it is opened by a press, beside this one, and learns nothing of it. */
function Web({ making, url }: { readonly making: Registration; readonly url: string }) {
  const { domain } = making;
  return (
    <>
      <Title words={text("register--form-title", { domain })} />
      <p class="gate-lead">{text("register--web", { domain })}</p>
      <a class="button button-wide" href={url} target="_blank" rel="noopener noreferrer">
        {text("register--web-open", { host: new URL(url).host })}
      </a>
      <button type="button" class="link" onClick={() => making.back()}>
        {text("register--other-server")}
      </button>
    </>
  );
}
