import { useId } from "preact/hooks";
import type { BareJid } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { domainOf } from "../../../worker/shared/jid.ts";
import { text } from "../../i18n/aside.ts";
import { fieldOf, type SignIn } from "../../model/sign-in.ts";
import { useValue } from "../hooks/use-value.ts";
import { FailureNote } from "./failure-note.tsx";
import { Field } from "./field.tsx";

type Properties = { readonly form: SignIn; readonly account: BareJid };

function Consent({ form, account }: Properties) {
  const domain = domainOf(account);
  return (
    <div class="again">
      <p>{text("consent--what", { domain })}</p>
      <p>{text("consent--meaning")}</p>
      <button type="button" class="button" onClick={() => drop(form.agree())}>
        {text("consent--agree", { domain })}
      </button>
      <button type="button" class="button button-quiet" onClick={() => form.back()}>
        {text("consent--back")}
      </button>
    </div>
  );
}

/** The account is open here and its server wants the password once more: the sign-in, in the place where that is said. */
export function PasswordAgain({ form, account }: Properties) {
  const step = useValue(form.step);
  const note = useId();
  if (step.step === "consent") return <Consent form={form} account={account} />;
  const busy = step.step === "busy";
  const failure = step.step === "form" ? step.failure : undefined;
  return (
    <form
      class="again"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        drop(form.submit());
      }}
    >
      {/* Password managers want to know whose password it is. */}
      <input type="text" autocomplete="username" value={account} readOnly hidden />
      <Field
        label={text("again--password", { account })}
        kind="password"
        value={form.password}
        disabled={busy}
        wrong={failure !== undefined && fieldOf(failure) === "password"}
        describedBy={note}
      />
      <FailureNote
        id={note}
        failure={failure}
        address={account}
        {...(failure?.kind === "wrong-password" && failure.detail !== "empty" && { words: text("again--wrong") })}
      />
      <button type="submit" class="button" disabled={busy}>
        {text(busy ? "sign-in--busy" : "sign-in--submit")}
      </button>
    </form>
  );
}
