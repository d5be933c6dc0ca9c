import { effect } from "@preact/signals-core";
import type { App } from "../../model/app.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { Place } from "../../model/places.ts";

const LIST: Place = { screen: "chats" };
/** `account`: whose place it is. Another person's Back and Forward must not lead there. */
type Kept = { readonly account: string | undefined; readonly place: Place; readonly pushed: boolean };

const isInside = (place: Place) => place.screen !== "chats" || place.chat !== undefined;

function keptIn(state: unknown): Kept | undefined {
  return typeof state === "object" && state !== null && "place" in state && "pushed" in state
    ? (state as Kept)
    : undefined;
}

/**
 * Ties the place to the browser's history: Back leaves a conversation for the list, a reload comes back to where it was.
 * Addresses stay out of the page's URL. Signing out wipes the entry.
 */
export function followHistory(app: App): void {
  let shown = keptIn(history.state)?.place ?? LIST;
  app.place.value = shown;
  // Who is signed in is known a moment later than where they were.
  let known = false;
  effect(() => {
    const account = app.account.value;
    if (account === undefined || known) return;
    known = true;
    if (keptIn(history.state)?.account !== account) app.place.value = LIST;
  });
  addEventListener("popstate", (event) => {
    const kept = keptIn(event.state);
    const account = app.account.peek();
    shown = kept !== undefined && kept.account === account ? kept.place : LIST;
    if (account !== undefined) app.go(shown);
  });
  effect(() => {
    const place = app.place.value;
    if (app.session.value.state === "signed-out") history.replaceState(null, "");
    if (place === shown) return;
    const before = shown;
    shown = place;
    const pushed = keptIn(history.state)?.pushed ?? false;
    if (isInside(place) && !isInside(before))
      history.pushState({ account: app.account.peek(), place, pushed: true } satisfies Kept, "");
    else if (!isInside(place) && pushed) history.back();
    else history.replaceState({ account: app.account.peek(), place, pushed } satisfies Kept, "");
  });
  // A reload on the devices screen has to ask for them again.
  effect(() => {
    const place = app.place.value;
    if (app.account.value !== undefined && place.screen === "devices" && app.devices.peek() === undefined)
      drop(app.loadDevices(place.of));
  });
}
