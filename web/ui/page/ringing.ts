/**
 * Has this browser rung while no page of it is open: subscribes at the push service of its maker and tells the object, whenever a page
 * starts, and when the object says that it has forgotten. What the service worker needs to show what comes - how much of it, in which words - is left
 * where it finds it: it has no page's storage.
 */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals-core";
import { drop } from "../../../worker/shared/drop.ts";
import type { QuietHours } from "../../../worker/contract/push.ts";
import { Mutex } from "../../../worker/shared/mutex.ts";
import { inUtc } from "../../../worker/shared/quiet-hours.ts";
import { text } from "../../i18n/aside.ts";
import { spoken } from "../../i18n/text.ts";
import type { App } from "../../model/app.ts";
import { type AskObject, subscribe } from "../../model/subscribing.ts";
import { notifies, notifyChoice } from "./notify-choice.ts";

/** `unable`: this browser, or this window of it. `failed`: its push service says no. `refused`: the object does not go there. */
export type Ringing = "off" | "on" | "unable" | "failed" | "refused";

/** The cache, and in it the path, from which the service worker takes it. */
const RING = "alcove-ring";

const state = signal<Ringing>(isAble() ? "off" : "unable");

/** Which hours are to be quiet, as the object was told it, and the subscription that it was told. */
let told = "";
let toldOf: string | undefined;
/** The subscription that nothing comes by any more. */
let forgotten: string | undefined;
/** One after the other: two that subscribe at once would each end what the other has made. */
const changing = new Mutex();

export const ringing: ReadonlySignal<Ringing> = state;

function isAble(): boolean {
  return "serviceWorker" in navigator && "PushManager" in globalThis;
}

/**
 * Subscribes where the person wants it, once in the life of a page, as soon as the object can be asked; and once more where other hours are
 * to be quiet.
 */
export function followRinging(app: App): void {
  if (!isAble()) return;
  effect(() => {
    const { ring, show, quiet } = notifyChoice.value;
    if (notifies.value && ring) drop(leaveChoices(show, quiet));
  });
  const isThere = computed(() => {
    const { socket, stayOnline } = app.connection.value;
    // By what the object says first it is known whether it knows where to ring.
    return app.session.value.state === "signed-in" && socket === "open" && stayOnline !== undefined;
  });
  const isWanted = computed(() => isThere.value && notifies.value && notifyChoice.value.ring);
  const hours = computed(() => JSON.stringify(notifyChoice.value.quiet ?? null));
  const isLacking = () => isWanted.peek() && (state.peek() !== "on" || told !== hours.peek());
  const start = async () => {
    // Which may never come, and is nobody else's to wait for.
    const { pushManager } = await navigator.serviceWorker.ready;
    await changing.run(async () => {
      if (!isLacking()) return;
      // What another page told is forgotten, too, where the object knows of none.
      if (state.peek() !== "on" && app.connection.peek().unrung === true) await endHeld(pushManager);
      await endForgotten(pushManager);
      const asked = hours.peek();
      const ask: AskObject = (call, about) => app.engine.ask({ call, about });
      const { quiet } = notifyChoice.peek();
      const subscribed = await subscribe(pushManager, ask, location.origin, quiet && inUtc(quiet));
      if (subscribed === "later") return;
      state.value = subscribed;
      told = asked;
      toldOf = (await pushManager.getSubscription())?.endpoint;
    });
  };
  effect(() => {
    const areOthers = told !== hours.value;
    if (isWanted.value && (areOthers || state.peek() !== "on")) drop(start());
  });
  // What was told is over at the push service, which only the object hears: until there is another one nothing would ring.
  const isForgotten = computed(() => app.connection.value.unrung === true);
  effect(() => {
    if (!isForgotten.value || state.peek() !== "on") return;
    [state.value, forgotten] = ["off", toldOf];
    if (isWanted.peek()) drop(start());
  });
  effect(() => {
    if (app.session.value.state === "signed-out") drop(changing.run(end));
  });
}

/** A browser may go on holding what its push service has ended. */
async function endHeld(pushManager: PushManager): Promise<void> {
  await (await pushManager.getSubscription())?.unsubscribe();
}

/** Browsers give the same one again until it is ended; another tab may have done so, and made the next. */
async function endForgotten(pushManager: PushManager): Promise<void> {
  const before = await pushManager.getSubscription();
  if (forgotten !== undefined && before?.endpoint === forgotten) await before.unsubscribe();
  forgotten = undefined;
}

/** Nobody is signed in here any more, so there is nothing to ring for, nor to be seen; what comes for another account is subscribed anew. */
async function end(): Promise<void> {
  state.value = "off";
  const registration = await navigator.serviceWorker.getRegistration();
  for (const notification of (await registration?.getNotifications()) ?? []) notification.close();
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

async function leaveChoices(show: string, quiet: QuietHours | undefined): Promise<void> {
  const cache = await caches.open(RING);
  const words = { spoken: spoken(), perhaps: text("notify--perhaps") };
  await cache.put(`/${RING}`, Response.json({ show, ...words, ...(quiet && { quiet }) }));
}
