/**
 * How a request came here: by whom, and over what. What a client says of itself counts for nothing; what a proxy says counts
 * where the operator has named that proxy. Pure.
 */
import { isWithin, type Network, normaliseAddress } from "./networks.ts";

export type Front = {
  /** The one address under which people open it, e.g. `https://chat.example.org`. */
  readonly origin: string;
  /** Whose word about clients counts. */
  readonly proxies: readonly Network[];
  /** This server has the certificate itself. */
  readonly tls: boolean;
};

export type Arrival =
  /** `address`: the client's, for counting its tries. */
  | { readonly kind: "come-in"; readonly address: string }
  | { readonly kind: "redirect"; readonly to: string }
  | { readonly kind: "refuse"; readonly status: 400 | 403 | 421; readonly words: string };

type Asked = {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  /** Address and port of who opened the connection, as the runtime tells them. */
  readonly peer: string | undefined;
};

/** Browsers never get to see these: the proxy is asked by whoever sets it up. */
const ASK_PROXY = "see docs/own-server.md, The proxy";

export function arrivalOf({ method, url, headers, peer }: Asked, { origin, proxies, tls }: Front): Arrival {
  const home = new URL(origin);
  const { hostname, pathname, search } = new URL(url);
  if (hostname !== home.hostname) return refuse(421, `This server answers for ${home.host} alone.`);
  const neighbour = normaliseAddress(peer ?? "");
  if (neighbour === undefined) return refuse(400, "It is not known who asks.");
  // By its own certificate, or in clear text to a name that the machine keeps to itself.
  const direct = tls || home.protocol === "http:";
  if (!isWithin(neighbour, proxies)) {
    return direct
      ? { kind: "come-in", address: neighbour }
      : refuse(403, `Please open ${origin}: here alone the proxy is answered (trusted_proxies).`);
  }
  const protocol = headers.get("x-forwarded-proto")?.trim().toLowerCase();
  if (!direct && protocol !== "https") {
    if (protocol === undefined) return refuse(400, `The proxy has to send X-Forwarded-Proto: ${ASK_PROXY}.`);
    if (method !== "GET" && method !== "HEAD") return refuse(403, "Only over HTTPS.");
    return { kind: "redirect", to: `${origin}${pathname}${search}` };
  }
  const address = clientBehind(headers.get("x-forwarded-for"), neighbour, proxies);
  if (address !== undefined) return { kind: "come-in", address };
  return direct
    ? { kind: "come-in", address: neighbour }
    : refuse(400, `The proxy has to send X-Forwarded-For: ${ASK_PROXY}.`);
}

/**
 * Each proxy appends whom it has seen, so the list is read from its end: the first who is no proxy of ours is the client,
 * and what stands before that is the client's own invention.
 */
function clientBehind(list: string | null, neighbour: string, proxies: readonly Network[]): string | undefined {
  if (list === null) return undefined;
  let seen: string | undefined;
  for (const text of list.split(",").reverse()) {
    const address = normaliseAddress(text);
    // Nonsense was not written by a proxy of ours: whoever brought it is the last one that is known.
    if (address === undefined) return seen ?? neighbour;
    seen = address;
    if (!isWithin(address, proxies)) return address;
  }
  return seen;
}

function refuse(status: 400 | 403 | 421, words: string): Arrival {
  return { kind: "refuse", status, words };
}
