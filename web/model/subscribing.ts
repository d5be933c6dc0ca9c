/** Has this browser rung: subscribes at the push service of its maker, and tells the account's object where that is. */
import type { CallArguments, CallValue } from "../../worker/contract/calls.ts";
import type { QuietHours } from "../../worker/contract/push.ts";
import type { Result } from "../../worker/contract/failures.ts";
import { fromBase64Url, toBase64Url } from "../../worker/shared/base64.ts";
import { report } from "../../worker/shared/report.ts";

/** `failed`: its push service says no. `refused`: the object does not go there. `later`: the object could not be asked now. */
export type Subscribed = "on" | "failed" | "refused" | "later";

/** Asks the object. */
export type AskObject = <Name extends "pushKey" | "pushSubscribe">(
  call: Name,
  about: CallArguments<Name>,
) => Promise<Result<CallValue<Name>>>;

/** `origin`: of the page. `quiet`: the person's quiet hours by UTC. */
export async function subscribe(
  pushManager: PushManager,
  ask: AskObject,
  origin: string,
  quiet?: QuietHours,
): Promise<Subscribed> {
  const answer = await ask("pushKey", {});
  if (!answer.ok) return "later";
  const subscription = await subscriptionFor(pushManager, answer.value.key);
  const [key, auth] = [subscription?.getKey("p256dh"), subscription?.getKey("auth")];
  if (subscription === undefined || !key || !auth) return "failed";
  const { endpoint } = subscription;
  const about = { endpoint, key: toBase64Url(key), auth: toBase64Url(auth), origin, ...(quiet && { quiet }) };
  const told = await ask("pushSubscribe", about);
  if (told.ok) return "on";
  return told.error.kind === "domain-refused" ? "refused" : "later";
}

/** The one that there is, unless it was made for another key. Undefined: the push service does not want to. */
async function subscriptionFor(pushManager: PushManager, key: string): Promise<PushSubscription | undefined> {
  const before = await pushManager.getSubscription();
  const known = before?.options.applicationServerKey;
  if (before && known && toBase64Url(known) === key) return before;
  try {
    await before?.unsubscribe();
    return await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: fromBase64Url(key) });
  } catch (error) {
    report("the push service of this browser has refused", error);
    return undefined;
  }
}
