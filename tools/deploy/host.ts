/**
 * Under which host the page is reached. Storage belongs to it: at another one every browser is a new device without its
 * texts. So it is asked for before anybody signs in, and a move is told before it happens.
 */
import type { DeployedWorker } from "./platform.ts";
import { WORKERS_DEV } from "./settings.ts";

/** Where a Worker is reached now; undefined where that cannot be seen. */
export function hostsOf({ hosts, onWorkersDev }: DeployedWorker): readonly string[] | undefined {
  return hosts && [...hosts, ...(onWorkersDev ? [WORKERS_DEV] : [])];
}

/** Those at which people would find nothing any more, or nothing of theirs; none where it stays as it is. */
export function leftBehind(now: readonly string[], wanted: string): readonly string[] {
  return now.filter((host) => host !== wanted);
}

/** @param from where it is reached now */
export function moveInWords(from: readonly string[], to: string): string {
  return `This moves the deployment from ${from.join(" and ")} to ${to}.
Browsers keep keys and texts for one address alone. After the move
  - the old address answers no more: what browsers have kept there stays there and is not read any more;
  - at the new address everybody signs in again, in each browser, as a new device;
  - encrypted messages of before the move cannot be read there; contacts who compare keys have to do so again;
  - the accounts themselves stay: contacts, rooms, what is on the XMPP server.
Tell people before, so that they copy what they need and sign out with "erase" at the old address.`;
}

/** @param uploaded the Worker is there already, without a host */
export function recordInWords(host: string, uploaded: boolean): string {
  const what = uploaded
    ? "The Worker is uploaded, and no host leads to it yet: the same command goes on from here."
    : "Nothing was changed.";
  return `${host} has a DNS record already, which this deployment would replace: what is reached there now would be gone.
${what} Take the record away first, choose another host, or say --replace-record.`;
}

/** The address of the page. @param subdomain the account's name below workers.dev, needed there alone */
export function addressOf(host: string, name: string, subdomain: string | undefined): string {
  return `https://${host === WORKERS_DEV ? `${name}.${subdomain ?? "?"}.${WORKERS_DEV}` : host}`;
}
