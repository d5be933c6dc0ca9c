/**
 * A push service on this machine, as far as RFC 8030 §5 asks one of whoever pushes: an address for each browser, TTL, urgency and
 * topic, an answer of 201 with a place. What it was given it opens for the test by the browser's half of the keys (RFC 8291), which a real one
 * does not have.
 */
import { randomUUID, verify, createPublicKey } from "node:crypto";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { drop } from "../worker/shared/drop.ts";
import { type Subscriber, subscriber } from "../durable/testing/open-push.ts";

export type ReceivedPush = {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  /** What only its browser can read. */
  readonly text: string;
};

export type PushSubscriptionHere = Pick<Subscriber, "key" | "auth"> & { readonly endpoint: string };

export class PushService {
  readonly received: ReceivedPush[] = [];
  /** What it answers with, one after the other; 201 behind them. */
  readonly answers: number[] = [];
  /** What is wrong with requests that whoever pushes has made. */
  readonly complaints: string[] = [];
  /** Told of each push that it has taken. */
  onPush: (push: ReceivedPush) => void = () => undefined;
  readonly #server: Server;
  readonly #browsers = new Map<string, Subscriber>();
  #changed: (() => void)[] = [];

  private constructor() {
    this.#server = createServer((request, answer) => drop(this.#answer(request, answer)));
  }

  async #answer(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    answer.writeHead(await this.#take(request), { location: `${this.origin}/message/${randomUUID()}` });
    answer.end();
    for (const tell of this.#changed.splice(0)) tell();
  }

  static async start(): Promise<PushService> {
    const service = new PushService();
    await new Promise<void>((resolve) => service.#server.listen(0, "127.0.0.1", resolve));
    return service;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** As a browser does it for a page. */
  subscribe(): PushSubscriptionHere {
    const [browser, path] = [subscriber(), `/push/${randomUUID()}`];
    this.#browsers.set(path, browser);
    return { endpoint: this.origin + path, key: browser.key, auth: browser.auth };
  }

  /** The subscription is over. */
  end({ endpoint }: PushSubscriptionHere): void {
    this.#browsers.delete(new URL(endpoint).pathname);
  }

  /** When so many were taken, all told. */
  async taken(count: number): Promise<readonly ReceivedPush[]> {
    while (this.received.length < count) await new Promise<void>((resolve) => this.#changed.push(resolve));
    return this.received;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage): Promise<number> {
    const { headers, url: path = "" } = request;
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = new Uint8Array(Buffer.concat(parts));
    const browser = this.#browsers.get(path);
    if (browser === undefined) return 410;
    const answer = this.answers.shift() ?? 201;
    if (answer !== 201) return answer;
    const wrong = complaintAbout(headers, body, this.origin);
    if (wrong !== undefined) this.complaints.push(wrong);
    const push = { path, headers, body, text: browser.open(body) };
    this.received.push(push);
    this.onPush(push);
    return 201;
  }
}

/** What services in the world refuse. */
function complaintAbout(headers: IncomingHttpHeaders, body: Uint8Array, origin: string): string | undefined {
  if (!/^\d+$/.test(String(headers["ttl"]))) return "no time to live (RFC 8030 §5.2)";
  if (!/^(?:very-low|low|normal|high)$/.test(String(headers["urgency"]))) return "no urgency (§5.3)";
  if (!/^[\w-]{1,32}$/.test(String(headers["topic"]))) return "no topic (§5.4)";
  if (headers["content-encoding"] !== "aes128gcm") return "another coding than that of RFC 8291";
  if (body.length > 4_096) return "more than everybody has to take (RFC 8030 §7.2)";
  const [, signed = "", claims = "", signature = "", key = ""] =
    /^vapid t=([\w-]+\.([\w-]+))\.([\w-]+), k=([\w-]+)$/.exec(headers.authorization ?? "") ?? [];
  const point = Buffer.from(key, "base64url");
  if (point.length !== 65) return "no key (RFC 8292 §3.2)";
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString("base64url"));
  const publicKey = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  const isSigned = verify(
    "sha256",
    Buffer.from(signed),
    { key: publicKey, dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  if (!isSigned) return "a token that its key has not signed (RFC 8292 §2)";
  const { aud, exp } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { aud: string; exp: number };
  if (aud !== origin) return "a token for another service (§2)";
  const left = exp - Date.now() / 1_000;
  return left <= 0 || left > 24 * 60 * 60 ? "a token that is over, or good for too long (§2)" : undefined;
}
