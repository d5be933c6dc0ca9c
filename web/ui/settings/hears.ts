import { text } from "../../i18n/aside.ts";
import type { Hearing } from "../../model/account-actions.ts";

/**
 * By which road the account hears of what comes while everything is closed, and what that means. `pushed`: its server says so, which wakes
 * one that looks in; who hears nothing is told that there may be something.
 */
export function hearsText(hearing: Hearing, pushed: true | undefined): string {
  if (pushed && hearing === "never") return text("settings--hears-perhaps");
  return text(hearing === "sometimes" && pushed ? "settings--hears-woken" : `settings--hears-${hearing}`);
}

/** The same in a word or two, to be chosen. */
export function hearsLabel(hearing: Hearing, pushed: true | undefined): string {
  if (pushed && hearing === "never") return text("settings--hear-perhaps");
  return text(hearing === "sometimes" && pushed ? "settings--hear-woken" : `settings--hear-${hearing}`);
}
