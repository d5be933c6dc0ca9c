/** Alice, Bob and what they do, for the tests of the object. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { SendReply } from "../../worker/contract/calls.ts";
import type { MessageEntry } from "../../worker/contract/entries.ts";
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid, ClientId } from "../../worker/contract/names.ts";
import { PATIENCE_MS, until } from "../e2e/waiting.ts";
import { newClient, ScriptedBrowser } from "../scripted-browser.ts";
import { ALICE as ALICE_ACCOUNT, BOB as BOB_ACCOUNT, type Stack } from "../stack.ts";

export const ALICE = "alice@localhost" as BareJid;
export const BOB = "bob@localhost" as BareJid;
/** For whatever has to come back by itself. */
export const RECOVERY_MS = PATIENCE_MS;
const TRY_EVERY_MS = 250;

const PASSWORDS: Readonly<Record<string, string>> = {
  [ALICE]: ALICE_ACCOUNT.password,
  [BOB]: BOB_ACCOUNT.password,
};

/** A browser of that account, signed in, attached, live. */
export async function browserOf(
  stack: Stack,
  address: BareJid,
  password = PASSWORDS[address],
  waitMs?: number,
): Promise<ScriptedBrowser> {
  const browser = new ScriptedBrowser(stack.url);
  let result = await browser.signIn(address, password ?? "");
  // A machine that does much else may take longer than a person would wait, and a person tries again.
  for (let more = 0; more < 3 && !result.ok && result.error.kind === "timed-out"; more += 1)
    result = await browser.signIn(address, password ?? "");
  assert.ok(result.ok, JSON.stringify(result));
  await browser.attach();
  await browser.live(waitMs);
  return browser;
}

export function say(
  browser: ScriptedBrowser,
  chat: BareJid,
  text: string,
  client: ClientId = newClient(),
): Promise<Result<SendReply>> {
  return browser.send(chat, { kind: "clear", text, exposed: false }, client);
}

export function messagesOf(browser: ScriptedBrowser): readonly MessageEntry[] {
  return browser.entries.filter((entry): entry is MessageEntry => entry.kind === "message");
}

export function textsOf(browser: ScriptedBrowser): readonly string[] {
  return messagesOf(browser).flatMap(({ content }) => (content.kind === "clear" ? [content.text] : []));
}

/** How often a browser was given a text. */
export function times(browser: ScriptedBrowser, text: string): number {
  return textsOf(browser).filter((other) => other === text).length;
}

/** The platform lets go of an object that was idle for ten seconds, by its own clock; to ask which one it is wakes it again. */
const SLEEPS_AFTER_MS = 15_000;

/** @param life that it had when it was last asked */
export async function fallsAsleep(stack: Stack, account: BareJid, life: string): Promise<void> {
  await sleep(SLEEPS_AFTER_MS);
  await until("it sleeps", async () => (await stack.objectLife(account)) !== life, { everyMs: SLEEPS_AFTER_MS });
}

/** What a real browser does when its socket ends: come back from its cursor until somebody answers. */
export async function comeBack(browser: ScriptedBrowser): Promise<void> {
  const end = Date.now() + RECOVERY_MS;
  for (;;) {
    try {
      await browser.attach();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(TRY_EVERY_MS);
    }
  }
}
