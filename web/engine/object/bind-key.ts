/** A browser that signed in before browsers had keys gets one. */
import type { BrowserId } from "../../../worker/contract/names.ts";
import { browserKeyOf, newBrowserKey, useBrowserKey } from "./browser-key.ts";
import type { Remote } from "./calls.ts";

/**
 * Makes a key where there is none and tells the object where it does not have it yet. Stored before it is told: an answer
 * that is lost shuts nobody out. @throws when the disk does not take it
 */
export async function bindBrowserKey(remote: Remote, browser: BrowserId): Promise<void> {
  const stored = await browserKeyOf(browser);
  if (stored?.bound === true) return;
  const key = stored ?? (await newBrowserKey());
  if (stored === undefined) await useBrowserKey(browser, key, false);
  const answer = await remote.call("bindKey", { key: key.publicKey });
  if (answer.ok) await useBrowserKey(browser, key, true);
}
