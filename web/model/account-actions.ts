/** What a person does about their account and its browsers, in dialogs. A failure is for the dialog that asked. */
import type { Failure } from "../../worker/contract/failures.ts";
import type { BrowserId } from "../../worker/contract/names.ts";
import type { ConnectionView } from "../engine/protocol/account.ts";
import type { App } from "./app.ts";
import { settle } from "./asking.ts";

/** Signs out another browser, or all others; the dialog that asked closes. */
export function revoke(app: App, browser: BrowserId | "others"): Promise<Failure | undefined> {
  return settle(app, app.engine.revoke({ browser }));
}

/** Signs out this browser; with `erase` what it keeps goes, and its device with it. */
export function signOut(app: App, erase: boolean): Promise<Failure | undefined> {
  return settle(app, app.engine.signOut({ erase }));
}

/** Whether the account stays online with no browser attached; says so where what was kept for it could not be replaced. */
export async function stayOnline(app: App, on: boolean): Promise<Failure | undefined> {
  const answer = await app.engine.ask({ call: "stayOnline", about: { on } });
  if (!answer.ok) return answer.error;
  app.dialog.value = answer.value.renewed === false ? { kind: "not-renewed" } : undefined;
  return undefined;
}

/** How the account hears of anything while no browser is attached. */
export type Hearing = "always" | "sometimes" | "never";

/** As it is; undefined until the object has said. */
export function hearingOf({
  stayOnline,
  looksIn,
}: Pick<ConnectionView, "stayOnline" | "looksIn">): Hearing | undefined {
  if (stayOnline === undefined) return undefined;
  return stayOnline ? (looksIn === true ? "sometimes" : "always") : "never";
}

/** From now on so; fails as the call `stayOnline` does. */
export async function hear(app: App, how: Hearing): Promise<Failure | undefined> {
  const answer = await app.engine.ask({
    call: "stayOnline",
    about: { on: how !== "never", ...(how === "sometimes" && { looks: true }) },
  });
  if (!answer.ok) return answer.error;
  if (answer.value.renewed === false) app.dialog.value = { kind: "not-renewed" };
  return undefined;
}

/** A change of the password that was not finished: `changed`, the server has the new one and this account does not know it yet. */
export type PasswordChange = { readonly failure: Failure; readonly changed: boolean };

/**
 * Another password: the one of now is proved first, then the server is told the new one, and the account signs in with it, so that
 * every own browser goes on. Undefined where all of that is done.
 */
export async function changePassword(app: App, now: string, next: string): Promise<PasswordChange | undefined> {
  const proved = await prove(app, now);
  if (proved !== undefined) return { failure: proved, changed: false };
  const told = await app.engine.ask({ call: "changePassword", about: { password: next } });
  if (!told.ok) return { failure: told.error, changed: false };
  const again = await prove(app, next);
  return again && { failure: again, changed: true };
}

/** The account goes: at its server, here, and what this browser keeps of it. The password is proved first. */
export async function deleteAccount(app: App, password: string): Promise<Failure | undefined> {
  const proved = await prove(app, password);
  return proved ?? settle(app, app.engine.signOut({ erase: true, deletes: true }));
}

/** That it is the account's password, as a sign-in shows it. A server that has nothing better than PLAIN was agreed to before. */
async function prove(app: App, password: string): Promise<Failure | undefined> {
  const address = app.account.peek() ?? "";
  if (password === "") return { kind: "wrong-password", detail: "empty" };
  const answer = await app.engine.signIn({ address, password, plain: false });
  if (answer.ok) return undefined;
  if (answer.error.kind !== "only-plain") return answer.error;
  const plain = await app.engine.signIn({ address, password, plain: true });
  return plain.ok ? undefined : plain.error;
}
