/**
 * What of the page a browser keeps for a start without its server, and which requests are answered from it. Pure: the
 * service worker alone calls it, so that nothing of it is shared with the page's scripts.
 */

/** One release of the page, as its build writes it into the service worker. */
export type Shell = {
  /** Another one for other files. */
  readonly version: string;
  /** The script that the page begins with, by which it is known to be of this release. */
  readonly entry: string;
  /** Paths of all files but the page itself. */
  readonly files: readonly string[];
};

/** The page's own path; there is one page. */
export const PAGE = "/";
const PREFIX = "alcove-shell-";
/** Files with the hash of their content in their name. */
const HASHED = "/assets/";
/** Releases that are kept: the present one, and the one before for tabs that are still open. */
const KEPT = 2;

/**
 * `anew`: from the server, and from what is kept only where that does not answer. `kept`: what is kept is as good, for its
 * hash is in its name. `network`: none of ours.
 */
export type Road = "anew" | "kept" | "network";

export type Asked = { readonly method: string; readonly mode: string; readonly url: string };

/** Which way a request goes. Calls and everything of other origins never touch what is kept. */
export function roadOf({ method, mode, url }: Asked, origin: string, { files }: Shell): Road {
  const address = new URL(url);
  if (method !== "GET" || address.origin !== origin) return "network";
  if (mode === "navigate") return address.pathname === PAGE ? "anew" : "network";
  if (address.pathname.startsWith(HASHED)) return "kept";
  return files.includes(address.pathname) ? "anew" : "network";
}

/** Whether an answer says that the server is there: one of its own, not of what stands before it while it is down. */
export function isAnswer(status: number): boolean {
  return status < 500;
}

/** Whether this page begins with the script of this release: during a deployment it may be of another. */
export function isOf(page: string, { entry }: Shell): boolean {
  return page.includes(`"${entry}"`);
}

export function cacheOf({ version }: Shell): string {
  return `${PREFIX}${version}`;
}

/** Of the caches, oldest first, those that nobody needs once this release is in its place. */
export function outdated(names: readonly string[], shell: Shell): readonly string[] {
  const others = names.filter((name) => name.startsWith(PREFIX) && name !== cacheOf(shell));
  return others.slice(0, Math.max(0, others.length - (KEPT - 1)));
}
