/** What a person says of a new device of theirs. */
import type { DeviceId } from "../../worker/contract/names.ts";
import type { NoticeView } from "../engine/protocol/account.ts";
import type { App } from "./app.ts";

export type LettingInAnswer = Parameters<App["engine"]["letIn"]>[0];

/** What the person says of a browser that is let in; a dialog says why it could not be done. */
export async function letIn(app: App, answer: LettingInAnswer): Promise<void> {
  await app.orSay(app.engine.letIn(answer));
}

/** The person knows nothing of that browser: it is signed out, and they are asked to change the password that it knew. */
export async function refuseBrowser(app: App, device: DeviceId, name: string): Promise<void> {
  const answer = await app.engine.letIn({ act: "refuse", device });
  app.dialog.value = answer.ok ? { kind: "browser-refused", name } : { kind: "not-chosen", failure: answer.error };
}

type NewDevice = Extract<NoticeView, { readonly kind: "new-device" }>;

/** The person lets a new device of the account in, by the fingerprint that was shown. */
export async function allow(app: App, { device, fingerprint }: NewDevice): Promise<void> {
  const jid = app.account.peek();
  if (jid === undefined || fingerprint === undefined) return;
  const answer = await app.engine.decide({ jid, device, fingerprint, trust: "blind" });
  if (!answer.ok) app.dialog.value = { kind: "not-chosen", failure: answer.error };
}

/** The person knows nothing of it: it is refused, and the screen comes on which it can be signed out or removed. */
export async function refuse(app: App, { key, device, fingerprint }: NewDevice): Promise<void> {
  const jid = app.account.peek();
  if (jid === undefined) return;
  const refused =
    fingerprint === undefined ? undefined : await app.engine.decide({ jid, device, fingerprint, trust: "distrusted" });
  if (refused === undefined) await app.engine.dismiss({ notice: key });
  app.go({ screen: "devices" });
  if (refused?.ok === false) app.dialog.value = { kind: "not-chosen", failure: refused.error };
}
