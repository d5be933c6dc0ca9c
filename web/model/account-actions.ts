/** What a person does about their account, its browsers and devices. A failure is for the dialog that asked. */
import type { Failure } from "../../worker/contract/failures.ts";
import type { BrowserId } from "../../worker/contract/names.ts";
import type { NoticeView } from "../engine/protocol/account.ts";
import type { App } from "./app.ts";

type NewDevice = Extract<NoticeView, { readonly kind: "new-device" }>;

/** Signs out another browser, or all others; the dialog that asked closes. */
export function revoke(app: App, browser: BrowserId | "others"): Promise<Failure | undefined> {
  return app.settle(app.engine.revoke({ browser }));
}

/** Signs out this browser; with `erase` what it keeps goes, and its device with it. */
export function signOut(app: App, erase: boolean): Promise<Failure | undefined> {
  return app.settle(app.engine.signOut({ erase }));
}

/** The person lets a new device of the account in, by the fingerprint that was shown. */
export async function allow(app: App, { device, fingerprint }: NewDevice): Promise<void> {
  const jid = app.account.peek();
  if (jid === undefined || fingerprint === undefined) return;
  await app.engine.decide({ jid, device, fingerprint, trust: "blind" });
}

/** The person knows nothing of it: it is refused, and the screen comes on which it can be signed out or removed. */
export async function refuse(app: App, { key, device, fingerprint }: NewDevice): Promise<void> {
  const jid = app.account.peek();
  if (jid === undefined) return;
  if (fingerprint === undefined) await app.engine.dismiss({ notice: key });
  else await app.engine.decide({ jid, device, fingerprint, trust: "distrusted" });
  app.go({ screen: "devices" });
}

/** Whether the account stays online with no browser attached; says so where what was kept for it could not be replaced. */
export async function stayOnline(app: App, on: boolean): Promise<Failure | undefined> {
  const answer = await app.engine.ask({ call: "stayOnline", about: { on } });
  if (!answer.ok) return answer.error;
  app.dialog.value = answer.value.renewed === false ? { kind: "not-renewed" } : undefined;
  return undefined;
}
