import { effect } from "@preact/signals-core";
import type { App } from "../../model/app.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { type HistoryEntry, NOWHERE, type Place, readHistoryEntry } from "../../model/places.ts";

const isInside = (place: Place) => place.screen !== "chats" || place.chat !== undefined;

/**
 * Ties the place to the browser's history: Back leaves a conversation for the list, a reload comes back to where it was.
 * Addresses stay out of the page's URL. Signing out wipes the entry.
 */
export function followHistory(app: App): void {
  let shown = readHistoryEntry(history.state)?.place ?? NOWHERE;
  app.place.value = shown;
  // Who is signed in is known a moment later than where they were.
  let known = false;
  effect(() => {
    const account = app.account.value;
    if (account === undefined || known) return;
    known = true;
    if (readHistoryEntry(history.state)?.account !== account) app.place.value = NOWHERE;
  });
  addEventListener("popstate", (event) => {
    const kept = readHistoryEntry(event.state);
    const account = app.account.peek();
    shown = kept !== undefined && kept.account === account ? kept.place : NOWHERE;
    if (account !== undefined) app.go(shown);
  });
  effect(() => {
    const place = app.place.value;
    if (app.session.value.state === "signed-out") history.replaceState(null, "");
    if (place === shown) return;
    const before = shown;
    shown = place;
    const pushed = readHistoryEntry(history.state)?.pushed ?? false;
    if (isInside(place) && !isInside(before))
      history.pushState({ account: app.account.peek(), place, pushed: true } satisfies HistoryEntry, "");
    else if (!isInside(place) && pushed) history.back();
    else history.replaceState({ account: app.account.peek(), place, pushed } satisfies HistoryEntry, "");
  });
  // A reload on the devices screen has to ask for them again.
  effect(() => {
    const place = app.place.value;
    if (app.account.value !== undefined && place.screen === "devices" && app.devices.peek() === undefined)
      drop(app.loadDevices(place.of));
  });
}
