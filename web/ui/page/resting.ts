/**
 * A page that nobody has looked at for ten minutes lets its socket go where this browser is rung for what comes: it costs as much as
 * a page that is looked at, and the service worker tells of everything. Whoever looks has it back at once.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { hearingOf } from "../../model/account-actions.ts";
import type { App } from "../../model/app.ts";
import { notifies } from "./notify-choice.ts";
import { ringing } from "./ringing.ts";

/** Shorter than the time after which the account rests for all its browsers (`durable/connection/resting.ts`). */
const HIDDEN_MS = 10 * 60_000;
/** What is said to another browser over the socket; it goes on behind the page. */
const TALKING: ReadonlySet<string> = new Set(["handover", "joining", "letting-in", "awaiting"]);

const isLongHidden = signal(false);

/** Whether this page needs no socket now. */
export function restsHere(app: App): ReadonlySignal<boolean> {
  let soon: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(soon);
    isLongHidden.value = false;
    if (document.visibilityState !== "hidden") return;
    soon = setTimeout(() => {
      isLongHidden.value = true;
    }, HIDDEN_MS);
  };
  document.addEventListener("visibilitychange", look);
  look();
  // Asleep it would hear of nothing that rings, and with its last socket it goes to sleep.
  const isHeard = computed(() => (hearingOf(app.connection.value) ?? "never") !== "never");
  const isTalking = computed(() => app.notices.value.some(({ kind }) => TALKING.has(kind)));
  return computed(
    () => isLongHidden.value && notifies.value && ringing.value === "on" && isHeard.value && !isTalking.value,
  );
}
