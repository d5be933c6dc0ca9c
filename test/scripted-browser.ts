/**
 * A browser as the object sees one: a cookie, calls, a live socket that acknowledges what it is given. It has no keys of OMEMO
 * and reads no texts; tests of the object use it where a real browser would only be slower.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { CallArguments, CallName, CallValue, SendArguments, SendReply } from "../worker/contract/calls.ts";
import type { Entry } from "../worker/contract/entries.ts";
import type { Result } from "../worker/contract/failures.ts";
import type { ServerFrame } from "../worker/contract/frames.ts";
import type { BareJid, BrowserId, ClientId } from "../worker/contract/names.ts";
import { PROOF_HEADER, ROUTES } from "../worker/contract/routes.ts";
import type { SignedIn } from "../worker/contract/sign-in.ts";
import { CONTRACT_VERSION } from "../worker/contract/version.ts";
import { toBase64 } from "../worker/shared/base64.ts";
import { FILE_ROUTES, type FileWanted, TICKET_HEADER } from "../worker/contract/media.ts";
import { newNonce, PROOF_KEY, writeProof } from "../worker/shared/proof.ts";
import { provePassword } from "../web/engine/session/proving.ts";
import { PATIENCE_MS } from "./e2e/waiting.ts";
import { ONE_REQUEST } from "./one-request.ts";
import { posted } from "./posted.ts";

const TOO_EARLY_MS = 5;

export const newClient = (): ClientId => crypto.randomUUID() as ClientId;

export class ScriptedBrowser {
  readonly url: string;
  readonly frames: ServerFrame[] = [];
  /** Of the log that it reads: where that is another one, it is read from its beginning. */
  readonly entries: Entry[] = [];
  /** How many logs it has begun to read. */
  epochs = 0;
  browser: BrowserId | undefined;
  closed = 0;
  /** Acknowledges nothing. */
  silent = false;
  /** Signs in and asks as a page did before browsers had keys. */
  keyless = false;
  /** Comes with the token of an invitation. */
  invitation: string | undefined;
  /** Its clock is so much ahead of ours. */
  aheadMs = 0;
  #key: CryptoKeyPair | undefined;
  readonly #cookies = new Map<string, string>();
  #socket: WebSocket | undefined;
  #cursor = { epoch: "", seq: 0, id: "" };
  #changed: (() => void)[] = [];
  readonly #numbers = new Map<ClientId, number>();
  readonly #unanswered = new Set<number>();

  constructor(url: string) {
    this.url = new URL(url).origin;
  }

  /** Both steps, with a page's own code between them; `plain`: the person agreed that the server gets the password. */
  async signIn(address: string, password: string, plain = false): Promise<Result<SignedIn>> {
    const request = {
      address,
      name: "Scripted on Node",
      kind: "computer",
      ...(!this.keyless && { key: await this.newKey() }),
      ...(this.browser && { browser: this.browser }),
      ...(this.invitation !== undefined && { invitation: this.invitation }),
    } as const;
    const result = await provePassword(
      {
        signIn: (args) => this.post(ROUTES.signIn, args),
        finishSignIn: (args) => this.post(ROUTES.finishSignIn, args),
      },
      request,
      { password, plain },
    );
    if (result.ok) this.browser = result.value.browser;
    return result;
  }

  call<Name extends CallName>(name: Name, args: CallArguments<Name>): Promise<Result<CallValue<Name>>> {
    return this.post(`/api/call/${name}`, args);
  }

  /**
   * Sends with the next number; the same `client` again repeats its number, as a real browser does. `after` is the newest
   * one that has no answer yet, so that several may be under way.
   */
  async send(
    chat: BareJid,
    content: SendArguments["content"],
    client = newClient(),
    references: Pick<SendArguments, "replaces" | "reply"> = {},
  ): Promise<Result<SendReply>> {
    const number = this.#numbers.get(client) ?? this.#numbers.size + 1;
    this.#numbers.set(client, number);
    this.#unanswered.add(number);
    for (;;) {
      const after = Math.max(0, ...[...this.#unanswered].filter((other) => other < number));
      const answer = await this.call("send", { client, number, after, chat, content, ...references });
      if (!answer.ok && answer.error.kind === "too-early") {
        await sleep(TOO_EARLY_MS);
        continue;
      }
      this.#unanswered.delete(number);
      return answer;
    }
  }

  /** Its public half; what is asked from now on is signed with it. */
  async newKey(): Promise<string> {
    this.#key = (await crypto.subtle.generateKey(PROOF_KEY, false, ["sign", "verify"])) as CryptoKeyPair;
    return toBase64(await crypto.subtle.exportKey("raw", this.#key.publicKey));
  }

  async #proof(target: string, body: string): Promise<string | undefined> {
    if (this.#key === undefined || this.keyless) return undefined;
    return writeProof(this.#key.privateKey, newNonce(Date.now() + this.aheadMs), target, body);
  }

  /** As a page does: once more by the object's clock, where that was what was wrong. */
  async post<T>(path: string, args: unknown, headers: Record<string, string> = {}): Promise<Result<T>> {
    const result = await this.#post<T>(path, args, headers);
    if (result.ok || result.error.kind !== "not-proven" || this.keyless) return result;
    this.aheadMs = Number(result.error.detail) - Date.now();
    return this.#post<T>(path, args, headers);
  }

  /** The address of a live socket, with its proof. */
  async proved(target: string): Promise<string> {
    const proof = await this.#proof(`GET ${target}`, "");
    return `${this.url.replace("http", "ws")}${target}${proof === undefined ? "" : `&proof=${proof}`}`;
  }

  /** Puts a file by its ticket. */
  async putFile(ticket: string, body: BodyInit): Promise<Result<unknown>> {
    const headers = { ...ONE_REQUEST, ...this.headers, [TICKET_HEADER]: ticket };
    const response = await fetch(this.url + FILE_ROUTES.put, { method: "PUT", headers, body });
    return (await response.json()) as Result<unknown>;
  }

  /** What comes of a link that a message brings. */
  async getFile(wanted: FileWanted, headers: Record<string, string> = {}): Promise<Response> {
    const body = JSON.stringify(wanted);
    const proof = (await this.#proof(`POST ${FILE_ROUTES.get}`, body)) ?? "";
    const sent = {
      ...ONE_REQUEST,
      ...this.headers,
      "content-type": "application/json",
      [PROOF_HEADER]: proof,
      ...headers,
    };
    return posted(this.url + FILE_ROUTES.get, sent, body);
  }

  async #post<T>(path: string, args: unknown, headers: Record<string, string>): Promise<Result<T>> {
    const body = JSON.stringify(args);
    const proof = await this.#proof(`POST ${path}`, body);
    const response = await fetch(this.url + path, {
      method: "POST",
      headers: {
        ...ONE_REQUEST,
        "content-type": "application/json",
        origin: this.url,
        cookie: this.#cookie,
        ...(proof !== undefined && { [PROOF_HEADER]: proof }),
        ...headers,
      },
      body,
    });
    this.#keep(response.headers.getSetCookie());
    if (!response.headers.get("content-type")?.includes("json")) {
      throw new Error(`HTTP ${response.status}: ${await response.text()}`);
    }
    return (await response.json()) as Result<T>;
  }

  #keep(set: readonly string[]): void {
    for (const cookie of set) {
      const [pair = "", ...attributes] = cookie.split(";");
      const name = pair.slice(0, pair.indexOf("="));
      if (attributes.some((attribute) => attribute.trim().toLowerCase() === "max-age=0")) this.#cookies.delete(name);
      else this.#cookies.set(name, pair);
    }
  }

  get #cookie(): string {
    return [...this.#cookies.values()].join("; ");
  }

  /** Another one with its cookies and its key, as they are now. */
  twin(): ScriptedBrowser {
    const twin = new ScriptedBrowser(this.url);
    twin.robs(this);
    twin.browser = this.browser;
    twin.#key = this.#key;
    return twin;
  }

  /** Has a copy of its cookies, and nothing else of it. */
  robs(other: ScriptedBrowser): void {
    for (const [name, pair] of other.#cookies) this.#cookies.set(name, pair);
  }

  /** What its requests carry: where they come from, and who it is. */
  get headers(): { readonly origin: string; readonly cookie: string } {
    return { origin: this.url, cookie: this.#cookie };
  }

  /** Open the live socket from the cursor; resolves with the first frame. @throws when the socket ends before it. */
  async attach(): Promise<ServerFrame> {
    try {
      return await this.#attach();
    } catch (error) {
      // What a page does when its socket was refused: a call tells why, and the object's clock.
      if (this.#key === undefined || this.keyless || !(await this.call("unlock", {})).ok) throw error;
      return this.#attach();
    }
  }

  async #attach(): Promise<ServerFrame> {
    const { epoch, seq, id } = this.#cursor;
    const target = `/api/live?epoch=${epoch}&since=${seq}&at=${id}&contract=${CONTRACT_VERSION}`;
    const url = await this.proved(target);
    const headers = { origin: this.url, cookie: this.#cookie };
    // Node's WebSocket takes headers, which the DOM's type does not know.
    const socket = new WebSocket(url, { headers } as unknown as string[]);
    this.#socket = socket;
    const before = this.frames.length;
    socket.addEventListener("message", ({ data }) => this.#take(JSON.parse(String(data)) as ServerFrame));
    let refused = false;
    socket.addEventListener("close", () => {
      this.closed += 1;
      refused = true;
      this.#wake();
    });
    return this.until(() => {
      const hello = this.frames.slice(before).find((frame) => frame.type === "hello");
      if (hello === undefined && refused) throw new Error("the live socket ended before the first frame");
      return hello;
    });
  }

  /** Whether somebody looks at it. */
  look(visible: boolean): void {
    this.#socket?.send(JSON.stringify({ type: "visible", visible }));
  }

  detach(): void {
    this.#socket?.close();
  }

  /** Waits until `find` finds something; looks again with every frame. */
  async until<T>(find: () => T | undefined | false, waitMs = PATIENCE_MS): Promise<T> {
    const end = Date.now() + waitMs;
    for (;;) {
      const found = find();
      if (found !== undefined && found !== false) return found;
      const left = end - Date.now();
      if (left <= 0)
        throw new Error(
          `nothing came within ${waitMs} ms; last frames: ${this.frames
            .slice(-3)
            .map((f) => JSON.stringify(f))
            .join("\n")
            .slice(0, 2_000)}`,
        );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#changed.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** The newest link state that was told. */
  get link() {
    const frame = this.frames.findLast((candidate) => candidate.type === "hello" || candidate.type === "state");
    return frame?.state.link;
  }

  async live(waitMs = PATIENCE_MS): Promise<void> {
    await this.until(() => this.link?.state === "live" && this.link.caughtUp, waitMs);
  }

  #take(frame: ServerFrame): void {
    this.frames.push(frame);
    if (frame.type === "hello") {
      if (frame.epoch !== this.#cursor.epoch) this.#begin(frame.epoch);
    } else if (frame.type === "entries") {
      this.entries.push(...frame.entries);
      const last = frame.entries.at(-1);
      if (last) this.#cursor = { ...this.#cursor, seq: last.seq, id: last.id };
      const { epoch, seq } = this.#cursor;
      if (!this.silent) this.#socket?.send(JSON.stringify({ type: "ack", epoch, seq }));
    } else if (frame.type === "unlock") {
      void this.call("unlock", {});
    }
    this.#wake();
  }

  #begin(epoch: string): void {
    this.#cursor = { epoch, seq: 0, id: "" };
    this.epochs += 1;
    this.entries.length = 0;
  }

  #wake(): void {
    const waiting = this.#changed;
    this.#changed = [];
    for (const wake of waiting) wake();
  }
}
