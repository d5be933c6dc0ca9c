/**
 * A browser as the object sees one: a cookie, calls, a live socket that acknowledges what it is given. It has no keys and
 * reads no texts; tests of the object use it where a real browser would only be slower.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type {
  BareJid,
  BrowserId,
  CallArguments,
  CallName,
  CallValue,
  ClientId,
  Entry,
  Result,
  SendArguments,
  SendReply,
  ServerFrame,
  SignInReply,
} from "../worker/contract.ts";

const WAIT_MS = 15_000;
const TOO_EARLY_MS = 5;

export const newClient = (): ClientId => crypto.randomUUID() as ClientId;

export class ScriptedBrowser {
  readonly url: string;
  readonly frames: ServerFrame[] = [];
  readonly entries: Entry[] = [];
  browser: BrowserId | undefined;
  closed = 0;
  /** Acknowledges nothing. */
  silent = false;
  readonly #cookies = new Map<string, string>();
  #socket: WebSocket | undefined;
  #cursor = { epoch: "", seq: 0, id: "" };
  #changed: (() => void)[] = [];
  readonly #numbers = new Map<ClientId, number>();
  readonly #unanswered = new Set<number>();

  constructor(url: string) {
    this.url = new URL(url).origin;
  }

  async signIn(address: string, password: string, plain = false): Promise<Result<SignInReply>> {
    const result = await this.post<SignInReply>("/api/sign-in", {
      address,
      password,
      plain,
      name: "Scripted on Node",
      kind: "computer",
      ...(this.browser && { browser: this.browser }),
    });
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

  async post<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Result<T>> {
    const response = await fetch(this.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", origin: this.url, cookie: this.#cookie, ...headers },
      body: JSON.stringify(body),
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

  /** What its requests carry: where they come from, and who it is. */
  get headers(): { readonly origin: string; readonly cookie: string } {
    return { origin: this.url, cookie: this.#cookie };
  }

  /** Open the live socket from the cursor; resolves with the first frame. @throws when the socket ends before it. */
  async attach(): Promise<ServerFrame> {
    const { epoch, seq, id } = this.#cursor;
    const url = `${this.url.replace("http", "ws")}/api/live?epoch=${epoch}&since=${seq}&at=${id}`;
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

  detach(): void {
    this.#socket?.close();
  }

  /** Waits until `find` finds something; looks again with every frame. */
  async until<T>(find: () => T | undefined | false, waitMs = WAIT_MS): Promise<T> {
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

  async live(): Promise<void> {
    await this.until(() => this.link?.state === "live" && this.link.caughtUp);
  }

  #take(frame: ServerFrame): void {
    this.frames.push(frame);
    if (frame.type === "hello") {
      if (frame.epoch !== this.#cursor.epoch) this.#cursor = { epoch: frame.epoch, seq: 0, id: "" };
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

  #wake(): void {
    const waiting = this.#changed;
    this.#changed = [];
    for (const wake of waiting) wake();
  }
}
