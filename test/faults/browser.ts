/**
 * A browser as the object sees one, with what a real one keeps in its database: the entries, the cursor that was
 * committed with them, the outbox. It comes back by itself, and it notices what must not happen.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Entry } from "../../worker/contract/entries.ts";
import { PING, PONG, type ServerFrame } from "../../worker/contract/frames.ts";
import type { BareJid, EntryId } from "../../worker/contract/names.ts";
import type { LinkState } from "../../worker/contract/state.ts";
import { drop } from "../../worker/shared/drop.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { ScriptedBrowser } from "../scripted-browser.ts";
import { Outbox } from "./outbox.ts";
import type { BrowserName, PlannedMessage } from "./plan.ts";
import type { BrowserView, Held } from "./verdict.ts";

const COME_BACK_MS = 100;
const PING_EVERY_MS = 1_000;
/** Without a word for this long the socket is given up. */
const SILENCE_MS = 6_000;
const MANY_NOTES = 20;

export type BrowserSettings = {
  readonly name: BrowserName;
  readonly url: string;
  readonly account: BareJid;
  readonly chat: BareJid;
  readonly password: string;
  readonly messages: readonly PlannedMessage[];
  /** Something moved forward: a message was accepted, an entry came. */
  readonly progress: () => void;
  readonly mayGoOn: () => boolean;
};

export class FaultBrowser {
  readonly name: BrowserName;
  readonly outbox: Outbox;
  readonly #settings: BrowserSettings;
  readonly #scripted: ScriptedBrowser;
  readonly #ids = new Set<EntryId>();
  readonly #held: Held[] = [];
  readonly #texts = new Map<string, number>();
  readonly #noticed: string[] = [];
  readonly #sentIds = new Set<EntryId>();
  readonly #failedIds = new Set<EntryId>();
  #cursor: { readonly epoch: string; readonly seq: number; readonly id?: EntryId } = { epoch: "", seq: 0 };
  #link: LinkState | undefined;
  #socket: WebSocket | undefined;
  #attached = false;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(settings: BrowserSettings) {
    this.#settings = settings;
    this.name = settings.name;
    this.#scripted = new ScriptedBrowser(settings.url);
    this.outbox = new Outbox(
      {
        send: (args) => this.#scripted.call("send", args),
        mayGoOn: settings.mayGoOn,
        accepted: settings.progress,
        noticed: (says) => this.#notice(says),
      },
      settings.chat,
      settings.messages,
    );
  }

  /** @throws when the password is not accepted. */
  async start(): Promise<void> {
    const { account, password } = this.#settings;
    const result = await this.#scripted.signIn(account, password);
    if (!result.ok) throw new Error(`${this.name} cannot sign in: ${JSON.stringify(result.error)}`);
    this.#running = this.#stayAttached();
    drop(this.#running);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.outbox.stop();
    this.#socket?.close();
    await this.#running;
  }

  get link(): LinkState | undefined {
    return this.#attached ? this.#link : undefined;
  }

  /** Attached, and the account holds everything the server's archive had. */
  get settled(): boolean {
    return this.#attached && this.#link?.state === "live" && this.#link.caughtUp;
  }

  /** Different texts it holds. */
  get textCount(): number {
    return this.#texts.size;
  }

  holds(text: string): boolean {
    return this.#texts.has(text);
  }

  /** Own messages of the account that the server has not confirmed. */
  get unconfirmed(): number {
    return this.#held.filter(({ own, id }) => own && !this.#sentIds.has(id)).length;
  }

  /** Somebody presses "reconnect now". */
  async reconnect(): Promise<void> {
    await this.#scripted.call("reconnect", {}).catch(unanswered);
  }

  get view(): BrowserView {
    const failed = this.#failedIds.size > 0 ? [`${this.#failedIds.size} messages failed`] : [];
    return { name: this.name, messages: this.#held, noticed: [...this.#noticed, ...failed] };
  }

  /** For the watchdog: where it stands. */
  get state(): string {
    const link = this.#attached ? JSON.stringify(this.#link) : "not attached";
    return `${this.name}: ${this.textCount} texts, seq ${this.#cursor.seq}, ${this.outbox.left} to send, ${link}`;
  }

  async #stayAttached(): Promise<void> {
    while (!this.#stopped) {
      await this.#oneSocket();
      // A socket that was refused does not say why; a call does, and tells the object's clock.
      if (!this.#attached) await this.#scripted.call("unlock", {}).catch(unanswered);
      this.#attached = false;
      if (!this.#stopped) await sleep(COME_BACK_MS);
    }
  }

  /** Until this socket has ended or is given up. */
  async #oneSocket(): Promise<void> {
    const { epoch, seq, id } = this.#cursor;
    const query = new URLSearchParams({ epoch, since: `${seq}`, ...(id !== undefined && { at: id }) });
    const url = await this.#scripted.proved(`/api/live?${query.toString()}`);
    // Node's WebSocket takes headers, which the DOM's type does not know.
    const socket = new WebSocket(url, { headers: this.#scripted.headers } as unknown as string[]);
    this.#socket = socket;
    let heardAt = performance.now();
    await new Promise<void>((resolve) => {
      const over = () => {
        clearInterval(watch);
        resolve();
      };
      const watch = setInterval(() => {
        if (performance.now() - heardAt > SILENCE_MS) over();
        else if (socket.readyState === WebSocket.OPEN) socket.send(PING);
      }, PING_EVERY_MS);
      socket.addEventListener("close", over);
      socket.addEventListener("error", over);
      socket.addEventListener("message", ({ data }) => {
        heardAt = performance.now();
        // What a socket that was given up still brings belongs to nobody.
        if (this.#socket === socket && data !== PONG) this.#take(socket, JSON.parse(String(data)) as ServerFrame);
      });
    });
    this.#socket = undefined;
    socket.close();
  }

  #take(socket: WebSocket, frame: ServerFrame): void {
    switch (frame.type) {
      case "hello":
        this.#attached = true;
        this.#link = frame.state.link;
        if (this.#cursor.epoch === "") this.#cursor = { epoch: frame.epoch, seq: 0 };
        if (this.#cursor.epoch !== frame.epoch) this.#notice(`another epoch after seq ${this.#cursor.seq}`);
        if (frame.head < this.#cursor.seq) this.#notice(`the log ends at ${frame.head}, behind ${this.#cursor.seq}`);
        if (frame.accepted > this.outbox.lastNumber) this.#notice(`number ${frame.accepted} was never sent`);
        break;
      case "state":
        this.#link = frame.state.link;
        break;
      case "entries":
        for (const entry of frame.entries) this.#keep(entry);
        // Kept and committed are one here: only then is it acknowledged.
        socket.send(JSON.stringify({ type: "ack", epoch: this.#cursor.epoch, seq: this.#cursor.seq }));
        break;
      case "bye":
        if (frame.reason !== "replaced") this.#notice(`signed out: ${frame.reason}`);
        break;
      case "browsers":
      case "devices":
      case "presence":
      case "rooms":
      case "choices":
      case "occupants":
      case "unlock":
      case "typing":
      case "notifying":
      case "relayed":
      case "copy":
        // The session secret travels with every call: coming back and sending are answer enough.
        break;
      default:
        missingCase(frame);
    }
    this.#settings.progress();
    this.outbox.pump();
  }

  #keep(entry: Entry): void {
    const { seq, id } = entry;
    if (seq !== this.#cursor.seq + 1) this.#notice(`seq ${seq} after ${this.#cursor.seq}`);
    if (this.#ids.has(id)) this.#notice(`entry ${id} came twice`);
    this.#ids.add(id);
    this.#cursor = { epoch: this.#cursor.epoch, seq, id };
    if (entry.kind === "progress") {
      if (entry.state === "failed") this.#failedIds.add(entry.message);
      else this.#sentIds.add(entry.message);
      return;
    }
    if (entry.kind !== "message" || entry.content.kind !== "clear") return;
    const { text } = entry.content;
    const own = entry.sender === this.#settings.account;
    this.#texts.set(text, (this.#texts.get(text) ?? 0) + 1);
    this.#held.push({ id, seq, position: entry.position, text, own });
    if (entry.chat !== this.#settings.chat) this.#notice(`a message in the conversation with ${entry.chat}`);
    const reply = entry.sent && this.outbox.replyOf(entry.sent.client);
    if (reply && (reply.id !== id || reply.seq !== seq || reply.position !== entry.position))
      this.#notice(`entry ${seq} is not what was answered: ${JSON.stringify(reply)}`);
  }

  #notice(says: string): void {
    if (this.#noticed.length < MANY_NOTES) this.#noticed.push(says);
  }
}

/** The object was not there; whoever asked looks again later. */
function unanswered(): undefined {
  return undefined;
}
