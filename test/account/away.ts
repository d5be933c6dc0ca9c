/** What is said to somebody while their account is away, and how they see it when it is back. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import type { Stack } from "../stack.ts";
import { ALICE, comeBack, messagesOf } from "./people.ts";

export const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${name} ${n}`);

/** Texts whose name begins so, as a person sees them: by position. */
export function seen(browser: ScriptedBrowser, ...names: readonly string[]): readonly string[] {
  return messagesOf(browser)
    .toSorted((a, b) => a.position - b.position)
    .flatMap(({ content }) => (content.kind === "clear" ? [content.text] : []))
    .filter((text) => names.some((name) => text.startsWith(`${name} `)));
}

/** Every number of the log has come, in its order. */
export function withoutHoles(browser: ScriptedBrowser): void {
  assert.deepEqual(
    browser.entries.map(({ seq }) => seq),
    browser.entries.map((_, index) => index + 1),
  );
}

/** Alice's object and its session at the server are gone while `meanwhile` happens; Alice's browser is back at once then. */
export async function away(stack: Stack, alice: ScriptedBrowser, meanwhile: () => Promise<void>): Promise<void> {
  await stack.stopWorker();
  while ((await stack.xmpp.sessions(ALICE)).length > 0) await sleep(100);
  await meanwhile();
  await stack.startWorker();
  await comeBack(alice);
}
