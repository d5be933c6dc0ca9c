/** Browsers of one account with nothing but a store, and an object that keeps their sealed copy: what they make of it is tested with them. */
import { IDBFactory } from "fake-indexeddb";
import type { CallArguments, CallName } from "../../../../worker/contract/calls.ts";
import type { BrowserId, DeviceId, Time } from "../../../../worker/contract/names.ts";
import type { BrowserInfo } from "../../../../worker/contract/state.ts";
import { drop } from "../../../../worker/shared/drop.ts";
import type { Account } from "../../account.ts";
import type { Delays } from "../../delays.ts";
import { ALICE, row, until } from "../../handover/testing/own-browser.ts";
import { LiveState } from "../../object/live-state.ts";
import type { CopyAct, CopyView } from "../../protocol/copy.ts";
import type { MessageRow } from "../../store/conversation-rows.ts";
import { changeChat, putMessage } from "../../store/messages.ts";
import { Store } from "../../store/store.ts";
import type { Unit } from "../../store/unit.ts";
import { COPY_MOST, ScriptedCopy } from "../../testing/scripted-copy.ts";
import { Copies } from "../copies.ts";

/** The object of the account, and everybody who is attached. */
export class CopyObject {
  readonly browsers = new Set<CopyingBrowser>();
  readonly copy = new ScriptedCopy(() => {
    for (const browser of this.browsers) browser.hear();
  });
  offline = false;
  /** Calls in their order, by name. */
  readonly calls: CallName[] = [];
  /** Whoever asks for this dies before it is done, or when it is. */
  strike: (name: CallName, when: "before" | "after", by: CopyingBrowser) => boolean = () => false;

  constructor() {
    this.copy.most = COPY_MOST;
  }

  async call(by: CopyingBrowser, name: CallName, args: unknown): Promise<unknown> {
    if (this.offline) return { ok: false, error: { kind: "offline" } };
    if (this.strike(name, "before", by)) await by.die();
    this.calls.push(name);
    const { copy } = this;
    const { id } = by.info;
    const answer =
      name === "copyBegin"
        ? copy.begin(id, args as CallArguments<"copyBegin">)
        : name === "copyRead"
          ? copy.read(args as CallArguments<"copyRead">)
          : name === "copyWrite"
            ? await copy.write(args as CallArguments<"copyWrite">)
            : name === "copyEnd"
              ? copy.end(id, args as CallArguments<"copyEnd">)
              : copy.keep(args as CallArguments<"copyKeep">);
    if (this.strike(name, "after", by)) await by.die();
    return structuredClone(answer);
  }
}

const PROMPT = { copyMs: 20 } as Delays;

export class CopyingBrowser {
  readonly info: BrowserInfo;
  readonly #object: CopyObject;
  readonly #disk = new IDBFactory();
  readonly #createdAt: Time;
  #account!: Account;
  store!: Store;
  copies!: Copies;
  isOpen = false;
  delays: Delays = PROMPT;

  constructor(object: CopyObject, device: number, name: string, createdAt: Time) {
    this.#object = object;
    this.#createdAt = createdAt;
    const seen = { firstSeen: createdAt, lastSeen: createdAt };
    this.info = {
      ...{
        id: name as BrowserId,
        name,
        kind: "computer",
        device: device as DeviceId,
        attached: true,
        signedOut: false,
      },
      ...seen,
    };
  }

  /** Opens its page; everything was read. */
  async open(): Promise<void> {
    globalThis.indexedDB = this.#disk;
    this.store = await Store.open(ALICE);
    const live = new LiveState();
    live.hellos = 1;
    live.browsers = [...this.#object.browsers, this].map(({ info }) => info);
    live.copy = this.#object.copy.told();
    const self = { jid: ALICE, device: this.info.device, createdAt: this.#createdAt, browser: this.info.id };
    const remote = { call: (name: CallName, args: unknown) => this.#call(name, args) };
    const { store, delays } = this;
    this.#account = { self, store, cache: store.cache, live, remote, delays } as unknown as Account;
    this.copies = new Copies(this.#account);
    this.isOpen = true;
    this.#object.browsers.add(this);
    this.copies.caughtUp();
  }

  /** A page that is gone hears no answer. */
  async #call(name: CallName, args: unknown): Promise<unknown> {
    const { store } = this;
    const answer = await this.#object.call(this, name, args);
    return this.store === store && this.isOpen ? answer : new Promise(() => undefined);
  }

  /** Its page is gone, whatever it was at: nothing is committed any more. */
  async die(): Promise<void> {
    this.isOpen = false;
    this.#object.browsers.delete(this);
    this.copies.stop();
    this.store.database.close();
    drop(this.store.close());
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#object.browsers.delete(this);
    this.copies.stop();
    await this.store.close();
  }

  /** The object tells. */
  hear(): void {
    if (!this.isOpen) return;
    this.#account.live.browsers = [...this.#object.browsers].map(({ info }) => info);
    this.#account.live.copy = structuredClone(this.#object.copy.told());
    this.copies.told();
  }

  get view(): CopyView | undefined {
    return this.#account.live.copyView;
  }

  act(args: CopyAct) {
    return this.copies.act(args);
  }

  async put(rows: readonly MessageRow[]): Promise<void> {
    await this.change(async (unit) => {
      for (const one of rows) {
        await changeChat(unit, one.chat, { encrypted: true });
        await putMessage(unit, one);
      }
    });
  }

  change(job: (unit: Unit) => Promise<void>): Promise<void> {
    return this.store.work(job);
  }

  async texts(): Promise<readonly string[]> {
    const rows = await this.store.database.getAll("messages");
    return rows
      .toSorted((a, b) => a.position - b.position)
      .map(({ body }) => (body.kind === "text" ? body.text : `<${body.reason}>`));
  }

  /** Has read the copy in, to whatever end. */
  async hasRead(): Promise<NonNullable<CopyView["outcome"]>> {
    await until(
      () => this.view?.outcome !== undefined && this.view.here === "keeps",
      () => JSON.stringify(this.view),
    );
    return this.view?.outcome as NonNullable<CopyView["outcome"]>;
  }
}

export { row, until };
export const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);
