/** What somebody sees who was invited: fetched (`aside.tsx`) where there is an invitation. */
import { effect, signal } from "@preact/signals-core";
import { useEffect } from "preact/hooks";
import type { Result } from "../../../worker/contract/failures.ts";
import type { InvitationView } from "../../../worker/contract/invitation.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import type { App } from "../../model/app.ts";
import { endText, greetingText, lookAt } from "../../model/invitation.ts";
import type { SignIn } from "../../model/sign-in.ts";
import { FailureNote } from "../parts/failure-note.tsx";
import { useValue } from "../hooks/use-value.ts";
import { invitationHere, joinHere, KEY } from "../page/invitation.ts";
import { joined, settle, takeJoining } from "./joining.ts";

/** `answer`: undefined while nothing is known of it. */
type Held = { readonly token: string; readonly answer: Result<InvitationView> | undefined };

const held = signal<Held | undefined>(undefined);

let following = false;

/** Of the two kinds of invitation: one to this deployment, or one by an XMPP server. */
export function takeLink(app: App): void {
  const join = joinHere();
  const token = invitationHere();
  follow(app);
  if (join !== undefined) takeJoining(app, join);
  if (token !== undefined) takeInvitation(token);
}

/**
 * Takes the invitation out of the address bar, where it would be read over a shoulder, kept in the history and sent along with
 * a bookmark. Once somebody is signed in it is forgotten; who was signed in before it came is told.
 */
function takeInvitation(token: string): void {
  sessionStorage.setItem(KEY, token);
  if (location.hash !== "") history.replaceState(history.state, "", location.pathname + location.search);
  if (held.peek()?.token !== token) {
    held.value = { token, answer: undefined };
    drop(look(token));
  }
}

function follow(app: App): void {
  if (following) return;
  following = true;
  let before = app.session.peek().state;
  effect(() => {
    const { state } = app.session.value;
    if (state === "signed-in" && held.value !== undefined) {
      sessionStorage.removeItem(KEY);
      held.value = undefined;
      if (before !== "signed-out") app.dialog.value = { kind: "invited-already" };
    }
    if (state === "signed-in" && before !== state) settle(app);
    before = state;
  });
}

async function look(token: string): Promise<void> {
  const answer = await lookAt(token);
  if (held.peek()?.token === token) held.value = { token, answer };
}

type Properties = { readonly form: SignIn; readonly account: string | undefined; readonly onCreate: () => void };

/** Above the fields: what the link is that this tab was opened with. */
export function Invited(properties: Properties) {
  return (
    <>
      <InvitedHere {...properties} />
      <InvitedByServer onCreate={properties.onCreate} />
    </>
  );
}

/** Who invites, before anything else (XEP-0379): and the two ways to follow. */
function InvitedByServer({ onCreate }: Pick<Properties, "onCreate">) {
  const now = useValue(joined);
  if (now === undefined) return null;
  if (now === "unreadable") return <FailureNote failure={{ kind: "registration", detail: "link" }} address="" />;
  const { inviter, domain, makesAccount } = now.invitation;
  return (
    <div class="gate-invited" role="status">
      <p>{inviter === undefined ? text("join--account", { domain }) : text("join--contact", { inviter })}</p>
      {makesAccount ? (
        <button type="button" class="button button-wide" onClick={onCreate}>
          {text("join--create", { domain })}
        </button>
      ) : undefined}
      {inviter === undefined ? undefined : (
        <small>{text(makesAccount ? "join--or-sign-in" : "join--sign-in", { inviter })}</small>
      )}
    </div>
  );
}

/** What an invitation to this deployment is, or why it lets nobody in. */
function InvitedHere({ form, account }: Properties) {
  const now = useValue(held);
  const address = now?.answer?.ok === true ? now.answer.value.address : undefined;
  useEffect(() => {
    const typed = form.address.peek();
    if (address === undefined || (typed !== "" && typed !== account)) return;
    form.address.value = address;
    // What is left to be typed.
    document.querySelector<HTMLInputElement>(".gate-card [type=password]")?.focus();
  }, [address]);
  if (now === undefined) return null;
  const { answer } = now;
  if (answer?.ok === false) return <FailureNote failure={answer.error} address="" />;
  return (
    <div class="gate-invited" role="status">
      <p>{greetingText(answer?.value ?? {})}</p>
      {answer === undefined ? undefined : <small>{endText(answer.value)}</small>}
    </div>
  );
}
