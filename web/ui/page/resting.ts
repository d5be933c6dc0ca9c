/**
 * A page that nobody has looked at for ten minutes lets its socket go where this browser is rung for what comes: it costs as much as
 * a page that is looked at, and the service worker tells of everything. Whoever looks has it back at once.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { type Hearing, hearingOf } from "../../model/account-actions.ts";
import type { App } from "../../model/app.ts";

/** Shorter than the time after which the account rests for all its browsers (`durable/connection/resting.ts`). */
const HIDDEN_MS = 10 * 60_000;
/** What is said to another browser over the socket; it goes on behind the page. */
const TALKING: ReadonlySet<string> = new Set(["handover", "joining", "letting-in", "awaiting"]);

const isLongHidden = signal(false);

/** Of the account that was told of last, for between two engines nobody says anything: whoever is rung begins a new one. */
type Heard = { readonly account: string | undefined; readonly hearing: Hearing };

/** Whether this page needs no socket now. `isRung`: a push reaches this browser. */
export function restsHere(
  app: Pick<App, "account" | "connection" | "notices">,
  isRung: ReadonlySignal<boolean>,
): ReadonlySignal<boolean> {
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
  let last: Heard | undefined;
  // Asleep it would hear of nothing that rings, and with its last socket it goes to sleep.
  const isHeard = computed(() => {
    const [account, hearing] = [app.account.value, hearingOf(app.connection.value)];
    if (hearing !== undefined) last = { account, hearing };
    return last !== undefined && last.account === account && last.hearing !== "never";
  });
  const isTalking = computed(() => app.notices.value.some(({ kind }) => TALKING.has(kind)));
  return computed(() => isHeard.value && isLongHidden.value && isRung.value && !isTalking.value);
}
