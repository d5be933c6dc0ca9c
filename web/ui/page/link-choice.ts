/**
 * Whether this browser looks behind links that are about to be sent. For this browser alone, and kept beside the account's
 * own choices: whoever carries those could switch it on, and would learn the links of encrypted messages.
 */
import { type ReadonlySignal, signal } from "@preact/signals-core";

const KEY = "alcove-link-previews";

/** `undefined`: nobody was asked yet. */
export type LinkChoice = "on" | "off" | undefined;

const choice = signal<LinkChoice>(undefined);

export const linkChoice: ReadonlySignal<LinkChoice> = choice;

/** From now on, in all tabs of this browser. */
export function chooseLinks(on: boolean): void {
  choice.value = on ? "on" : "off";
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // Storage that is switched off: it holds until the page goes.
  }
}

function read(words: string | null): LinkChoice {
  return words === "on" || words === "off" ? words : undefined;
}

try {
  choice.value = read(localStorage.getItem(KEY));
} catch {
  // Storage that is switched off: nothing was ever chosen.
}
addEventListener("storage", ({ key, newValue }) => {
  if (key === KEY) choice.value = read(newValue);
});
