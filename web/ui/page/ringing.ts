/**
 * Has this browser rung while no page of it is open: subscribes at the push service of its maker and tells the object, whenever a page
 * starts, for either may have forgotten. What the service worker needs to show what comes - how much of it, in which words - is left
 * where it finds it: it has no page's storage.
 */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals-core";
import { drop } from "../../../worker/shared/drop.ts";
import { fromBase64Url, toBase64Url } from "../../../worker/shared/base64.ts";
import { Mutex } from "../../../worker/shared/mutex.ts";
import { report } from "../../../worker/shared/report.ts";
import { text } from "../../i18n/aside.ts";
import { spoken } from "../../i18n/text.ts";
import type { App } from "../../model/app.ts";
import { notifies, notifyChoice } from "./notify-choice.ts";

/** `unable`: this browser, or this window of it. `failed`: its push service says no. `refused`: the object does not go there. */
export type Ringing = "off" | "on" | "unable" | "failed" | "refused";

/** The cache, and in it the path, from which the service worker takes it. */
const RING = "alcove-ring";

const state = signal<Ringing>(isAble() ? "off" : "unable");

/** One after the other: two that subscribe at once would each end what the other has made. */
const changing = new Mutex();

export const ringing: ReadonlySignal<Ringing> = state;

function isAble(): boolean {
  return "serviceWorker" in navigator && "PushManager" in globalThis;
}

/** Subscribes where the person wants it, once in the life of a page, as soon as the object can be asked. */
export function followRinging(app: App): void {
  if (!isAble()) return;
  effect(() => {
    const { ring, show } = notifyChoice.value;
    if (notifies.value && ring) drop(leaveChoices(show));
  });
  const isThere = computed(() => app.session.value.state === "signed-in" && app.connection.value.socket === "open");
  const isWanted = computed(() => isThere.value && notifies.value && notifyChoice.value.ring);
  const isLacking = () => isWanted.peek() && state.peek() !== "on";
  const start = async () => {
    // Which may never come, and is nobody else's to wait for.
    await navigator.serviceWorker.ready;
    await changing.run(async () => void (isLacking() && (await subscribe(app))));
  };
  effect(() => {
    if (isWanted.value && state.peek() !== "on") drop(start());
  });
  effect(() => {
    if (app.session.value.state === "signed-out") drop(changing.run(end));
  });
}

/** Nobody is signed in here any more, so there is nothing to ring for; what comes for another account is subscribed anew. */
async function end(): Promise<void> {
  state.value = "off";
  const registration = await navigator.serviceWorker.getRegistration();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

/** The person does not want it any more; the browser's own subscription ends, too. */
export async function ringNoMore(app: App): Promise<void> {
  if (!isAble()) return;
  state.value = "off";
  await changing.run(async () => {
    await app.engine.ask({ call: "pushUnsubscribe", about: {} });
    await end();
    await caches.delete(RING);
  });
}

async function subscribe(app: App): Promise<void> {
  const answer = await app.engine.ask({ call: "pushKey", about: {} });
  if (!answer.ok) return;
  const subscription = await subscriptionFor(answer.value.key);
  const [key, auth] = [subscription?.getKey("p256dh"), subscription?.getKey("auth")];
  if (subscription === undefined || !key || !auth) {
    state.value = "failed";
    return;
  }
  const about = {
    endpoint: subscription.endpoint,
    key: toBase64Url(key),
    auth: toBase64Url(auth),
    origin: location.origin,
  };
  const told = await app.engine.ask({ call: "pushSubscribe", about });
  if (told.ok) state.value = "on";
  else if (told.error.kind === "domain-refused") state.value = "refused";
}

/** The one that there is, unless it was made for another key. Undefined: the push service does not want to. */
async function subscriptionFor(key: string): Promise<PushSubscription | undefined> {
  const { pushManager } = await navigator.serviceWorker.ready;
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

async function leaveChoices(show: string): Promise<void> {
  const cache = await caches.open(RING);
  await cache.put(`/${RING}`, Response.json({ show, spoken: spoken(), perhaps: text("notify--perhaps") }));
}
