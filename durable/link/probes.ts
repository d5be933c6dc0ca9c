import { connect } from "cloudflare:sockets";
import { drop } from "../../worker/shared/drop.ts";
import type { Probes } from "./failures.ts";

const PROBE_MS = 5_000;

export const probes: Probes = {
  async tcp(hostname, port) {
    const socket = connect({ hostname, port }, { secureTransport: "off", allowHalfOpen: false });
    drop(socket.closed.catch(alreadyAnswered));
    const late = new Promise<"late">((resolve) => setTimeout(resolve, PROBE_MS, "late"));
    const outcome = await Promise.race([
      socket.opened.then(
        () => "open" as const,
        () => "refused" as const,
      ),
      late,
    ]);
    drop(socket.close().catch(alreadyAnswered));
    return outcome === "open";
  },

  async https(hostname, port) {
    try {
      const response = await fetch(`https://${hostname}:${port}/`, {
        method: "HEAD",
        redirect: "manual",
        signal: AbortSignal.timeout(PROBE_MS),
      });
      await response.body?.cancel();
      return true;
    } catch {
      // No connection, no TLS or no answer in time: all of them say no.
      return false;
    }
  },
};

/** `opened` was the answer; how the socket ends does not matter. */
function alreadyAnswered(): undefined {
  return undefined;
}
