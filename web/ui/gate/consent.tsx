import { text } from "../../i18n/aside.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { domainOf } from "../../../worker/shared/jid.ts";
import type { SignIn } from "../../model/sign-in.ts";
import { Question } from "./question.tsx";

/** The server takes the password only as it is: whether it may have it. */
export function Consent({ form }: { readonly form: SignIn }) {
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
