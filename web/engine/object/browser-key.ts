/**
 * This browser's own key: it signs what is asked of the object, so that a copy of the session cookie is worth nothing. Its
 * private half is a handle that cannot be exported; it has nothing to do with the keys of messages.
 */
import type { BrowserId } from "../../../worker/contract/names.ts";
import type { BrowserKey } from "../../../worker/contract/sign-in.ts";
import { toBase64 } from "../../../worker/shared/base64.ts";
import { newNonce, PROOF_KEY, writeProof } from "../../../worker/shared/proof.ts";
import { type BrowserKeyRow, keepBrowserKey, readBrowserKey } from "../store/known-accounts.ts";
import { objectNow } from "./object-clock.ts";

export type NewBrowserKey = Pick<BrowserKeyRow, "privateKey" | "publicKey">;

/** What was read from the disk once; a sign-in replaces it. */
const known = new Map<BrowserId, Promise<BrowserKeyRow | undefined>>();

/** A key for a sign-in that is about to be tried. */
export async function newBrowserKey(): Promise<NewBrowserKey> {
  const pair = (await crypto.subtle.generateKey(PROOF_KEY, false, ["sign", "verify"])) as CryptoKeyPair;
  const publicKey: BrowserKey = toBase64(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { privateKey: pair.privateKey, publicKey };
}

/** Stored for the browser that the object calls so. `bound`: the object has it, too. @throws when the disk does not take it */
export async function useBrowserKey(browser: BrowserId, key: NewBrowserKey, bound: boolean): Promise<void> {
  const row = { ...key, bound };
  await keepBrowserKey(browser, row);
  known.set(browser, Promise.resolve(row));
}

/** The proof of one request (`worker/shared/proof.ts`); undefined for a browser without a key. */
export async function proofFor(browser: BrowserId, target: string, body: string): Promise<string | undefined> {
  const key = await browserKeyOf(browser);
  return key && writeProof(key.privateKey, newNonce(objectNow()), target, body);
}

/** As it was stored here. */
export function browserKeyOf(browser: BrowserId): Promise<BrowserKeyRow | undefined> {
  const reading = known.get(browser) ?? readBrowserKey(browser);
  known.set(browser, reading);
  return reading;
}
