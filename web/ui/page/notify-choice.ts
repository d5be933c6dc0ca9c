/** Whether this device tells of what comes while nobody looks: what the person has chosen, and what the browser allows. */
import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { PUSH_LIMITS, type QuietHours } from "../../../worker/contract/push.ts";
import { isQuiet, minuteOfDay } from "../../../worker/shared/quiet-hours.ts";
import { type Notifying, QUIET } from "../../model/notifications.ts";

const KEY = "alcove-notify";

/** `unable`: this browser, or this window of it, has no notifications. */
export type Permission = NotificationPermission | "unable";

const choice = signal<Notifying>(read(kept()));
const permission = signal<Permission>(present());

/** What was chosen here. */
export const notifyChoice: ReadonlySignal<Notifying> = choice;
/** What the browser says. */
export const notifyPermission: ReadonlySignal<Permission> = permission;
/** Both together. */
export const notifies: ReadonlySignal<boolean> = computed(() => choice.value.on && permission.value === "granted");

function present(): Permission {
  return "Notification" in globalThis && "serviceWorker" in navigator ? Notification.permission : "unable";
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    // Storage that is switched off: nothing was ever chosen.
    return null;
  }
}

function read(words: string | null): Notifying {
  try {
    const { on, show, sound, ring, quiet } = { ...(JSON.parse(words ?? "{}") as Partial<Notifying> | null) };
    const known = show === "who" || show === "nothing" ? show : QUIET.show;
    const hours = isHours(quiet) ? { quiet: { from: quiet.from, to: quiet.to } } : {};
    return { on: on === true, show: known, sound: sound === true, ring: ring === true, ...hours };
  } catch {
    return QUIET;
  }
}

function isHours(quiet: Partial<QuietHours> | undefined): quiet is QuietHours {
  const isMinute = (of: unknown) => Number.isInteger(of) && Number(of) >= 0 && Number(of) <= PUSH_LIMITS.lastMinute;
  return isMinute(quiet?.from) && isMinute(quiet?.to);
}

/** Whether nothing is to be told now. */
export function isQuietNow(): boolean {
  const { quiet } = choice.peek();
  return quiet !== undefined && isQuiet(quiet, minuteOfDay(Date.now(), "local"));
}

/** From now on, in all tabs of this browser. */
export function chooseNotifying(change: Partial<Notifying>): void {
  choice.value = { ...choice.peek(), ...change };
  localStorage.setItem(KEY, JSON.stringify(choice.peek()));
}

/** Asks the browser, which asks the person; only after they have pressed for it. */
export async function askToNotify(): Promise<void> {
  if (permission.peek() === "default") permission.value = await Notification.requestPermission();
}

/** Other tabs, and the browser's own settings, change both. */
export function followNotifyChoice(): void {
  addEventListener("storage", ({ key, newValue }) => {
    if (key === KEY) choice.value = read(newValue);
  });
  document.addEventListener("visibilitychange", () => {
    permission.value = present();
  });
}
