/**
 * Notes of one browser: what its page and its engine do, and when. They are taken by functions that are laid over the
 * platform's own once everything stands, so the product knows nothing of them.
 */
import type { Page, WebWorker } from "puppeteer-core";

export type Note = { readonly what: string; readonly at: number };
type NotingScope = { traceNotes: Note[] };
type Told = { readonly type: string };

type Corrections = { readonly page: number; readonly engine: number };

export class Probe {
  readonly page: Page;
  readonly engine: WebWorker;
  /** To be added to a time of the page, or of the engine, to have that of the system's clock. */
  readonly #correctionMs: Corrections;

  private constructor(page: Page, engine: WebWorker, correctionMs: Corrections) {
    this.page = page;
    this.engine = engine;
    this.#correctionMs = correctionMs;
  }

  /** @throws when the page has no worker that is the engine. */
  static async start(page: Page): Promise<Probe> {
    const [engine] = page.workers();
    if (engine === undefined) throw new Error("the page has no engine");
    await page.evaluate(watchPage);
    await engine.evaluate(watchEngine);
    // The socket is met when something is sent through it: a ping.
    await engine.evaluate(() => dispatchEvent(new Event("online")));
    return new Probe(page, engine, {
      page: await page.evaluate(clockCorrection),
      engine: await engine.evaluate(clockCorrection),
    });
  }

  /** What was noted since the last time, oldest first, by the system's clock. */
  async notes(): Promise<readonly Note[]> {
    const [page, engine] = await Promise.all([this.page.evaluate(takeNotes), this.engine.evaluate(takeNotes)]);
    return [
      ...page.map(({ what, at }) => ({ what, at: at + this.#correctionMs.page })),
      ...engine.map(({ what, at }) => ({ what, at: at + this.#correctionMs.engine })),
    ].toSorted((a, b) => a.at - b.at);
  }

  /** Writes and presses Send, both from inside the page: a driver's key strokes would be work of the page, too. */
  async send(text: string): Promise<void> {
    await this.page.evaluate(writeAndSend, text);
  }

  /** When the newest text of the conversation is this one. */
  async shows(text: string): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => [...document.querySelectorAll("ol.messages .words")].at(-1)?.textContent === wanted,
      { polling: 20, timeout: 60_000 },
      text,
    );
  }
}

function takeNotes(): readonly Note[] {
  return (globalThis as unknown as NotingScope).traceNotes.splice(0);
}

function writeAndSend(text: string): void {
  const area = document.querySelector<HTMLTextAreaElement>("form.composer textarea");
  if (area === null) throw new Error("nothing can be written here");
  area.value = text;
  area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  // The button is usable once the field has been rendered with the text.
  requestAnimationFrame(() => setTimeout(() => document.querySelector<HTMLElement>(".composer-send")?.click()));
}

function watchPage(): void {
  const notes: Note[] = [];
  (globalThis as unknown as NotingScope).traceNotes = notes;
  const note = (what: string, at = performance.timeOrigin + performance.now()) => notes.push({ what, at });
  addEventListener("click", (event) => note("click", performance.timeOrigin + event.timeStamp), { capture: true });
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (this: Worker, message: { name: string }) {
    note(`page asks ${message.name}`);
    return post.call(this, message);
  } as typeof post;
  let newest: Element | undefined;
  const list = document.querySelector("ol.messages");
  if (list === null) throw new Error("no conversation is open");
  new MutationObserver(() => {
    const row = [...list.children].at(-1);
    note(row === newest ? "row changed" : "row shown");
    newest = row;
  }).observe(list, { subtree: true, childList: true, attributes: true, characterData: true });
}

function watchEngine(): void {
  const notes: Note[] = [];
  const scope = globalThis as unknown as NotingScope & {
    postMessage(message: { type: string; event?: Told; more?: readonly Told[] }): void;
  };
  scope.traceNotes = notes;
  const note = (what: string) => notes.push({ what, at: performance.timeOrigin + performance.now() });
  addEventListener("message", ({ data }: MessageEvent<{ name: string }>) => note(`engine asked ${data.name}`));
  const post = scope.postMessage.bind(globalThis);
  scope.postMessage = (message) => {
    // What is told in one turn is one message.
    if (message.event === undefined) note("answers");
    else for (const { type } of [message.event, ...(message.more ?? [])]) note(`tells ${type}`);
    post(message);
  };
  const reach = globalThis.fetch;
  globalThis.fetch = async (...args: Parameters<typeof fetch>) => {
    const name = (args[0] instanceof Request ? args[0].url : args[0].toString()).split("/").at(-1);
    note(`calls ${name}`);
    const response = await reach(...args);
    note(`called ${name}`);
    return response;
  };
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const transaction = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...args: Parameters<typeof transaction>) {
    const opened = transaction.apply(this, args);
    const write = args[1] === "readwrite";
    note(write ? "write begins" : "read begins");
    if (write) opened.addEventListener("complete", () => note("write committed"));
    return opened;
  };
  const met = new WeakSet<WebSocket>();
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    note("frame out");
    send.call(this, data);
    if (met.has(this)) return;
    met.add(this);
    this.addEventListener("message", ({ data: frame }: MessageEvent<string>) => {
      note(`frame ${/^\{"type":"([a-z]+)"/.exec(frame)?.[1] ?? "other"}`);
    });
  };
}

/**
 * Each process fixes `timeOrigin` when it starts, by a clock that is corrected meanwhile. `Date.now()` is the system's
 * clock cut to whole milliseconds, so it is exact in the moment it changes: the largest difference.
 */
function clockCorrection(): number {
  const end = performance.now() + 40;
  let correction = Number.NEGATIVE_INFINITY;
  while (performance.now() < end) {
    correction = Math.max(correction, Date.now() - (performance.timeOrigin + performance.now()));
  }
  return correction;
}
