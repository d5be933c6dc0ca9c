/** One push to one push service (RFC 8030 §5), and what became of it. */
import type { Resolver } from "../../worker/network/resolver.ts";
import { fileAddress, leadsToPublic, type FileReach } from "../../worker/network/file-address.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Which addresses may be pushed to: a browser names them, so anybody who has signed in may name anything (S10). */
export type PushReach = Omit<FileReach, "resolver"> & { readonly resolver: Pick<Resolver, "addresses"> };

export type Push = {
  /** Where the push service takes messages for one browser: https, at the public network or at an origin that the deployment names. */
  readonly endpoint: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly authorization: string;
  /** Of two that wait with the same one the later takes the place of the first (§5.4): 32 characters that say nothing. */
  readonly topic: string;
  readonly urgency: "high" | "normal";
};

/**
 * `sent`: the service has it. `gone`: that subscription is over (404, 410), and never comes back. `refused`: nor will this
 * one be taken, whatever is waited for; `too-large`: a shorter one perhaps (413). `later`: after so many milliseconds, or nobody says when.
 */
export type Sent =
  | { readonly kind: "sent" | "gone" | "refused" | "too-large" }
  | { readonly kind: "later"; readonly afterMs: number | undefined };

/** A day: what was not delivered by then is told by the list, and no ringing helps. */
const TTL_SECONDS = 24 * 60 * 60;
const WITHIN_MS = 10_000;
const TOO_MANY = 429;
const MOST_WAIT_MS = 60_000;

/** Whether pushes may go there at all, by its looks; what DNS says of it is asked before each of them. */
export function mayPushTo(endpoint: string, reach: PushReach): boolean {
  return fileAddress(endpoint, reach) !== undefined;
}

/** Fails by no exception: what is wrong with others is `later`. Never follows another address. */
export async function sendPush(push: Push, reach: PushReach, ask: Fetch): Promise<Sent> {
  const url = fileAddress(push.endpoint, reach);
  if (url === undefined) return { kind: "gone" };
  try {
    // What DNS says may be another thing in a moment.
    if (!(await leadsToPublic(url, reach))) return { kind: "later", afterMs: undefined };
    const response = await ask(url.href, {
      method: "POST",
      redirect: "manual",
      signal: AbortSignal.timeout(WITHIN_MS),
      headers: {
        authorization: push.authorization,
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        ttl: String(TTL_SECONDS),
        urgency: push.urgency,
        topic: push.topic,
      },
      body: push.body,
    });
    await response.body?.cancel();
    return outcomeOf(response);
  } catch (error) {
    if (error instanceof Error) return { kind: "later", afterMs: undefined };
    throw error;
  }
}

function outcomeOf({ ok, status, headers }: Response): Sent {
  if (ok) return { kind: "sent" };
  if (status === 404 || status === 410) return { kind: "gone" };
  if (status === 413) return { kind: "too-large" };
  if (status < 500 && status !== TOO_MANY) return { kind: "refused" };
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  const asked = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
  return { kind: "later", afterMs: asked === undefined ? undefined : Math.min(asked, MOST_WAIT_MS) };
}
