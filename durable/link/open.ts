/** Opening a link so that it always ends in an answer: within its time, and whatever a library throws on the way. */
import { report } from "../../worker/shared/report.ts";
import type { Credentials, Link } from "./link.ts";
import { OPEN_TIMEOUT_MS } from "./prove.ts";
import { withinTime } from "../../worker/shared/within.ts";

/** Fails as `Link.open` does, with `timed-out` after a minute, and with `internal` where something was thrown. */
export function openInTime(link: Link, credentials: Credentials, ended: AbortSignal): ReturnType<Link["open"]> {
  return withinTime(OPEN_TIMEOUT_MS, (signal) => openSafely(link, credentials, signal), ended);
}

/** What a server says may make a library throw; the account must not hang on that. */
async function openSafely(link: Link, credentials: Credentials, signal: AbortSignal): ReturnType<Link["open"]> {
  try {
    return await link.open(credentials, signal);
  } catch (error) {
    report("opening failed", error);
    await link.close();
    return { ok: false, error: { kind: "internal" } };
  }
}
