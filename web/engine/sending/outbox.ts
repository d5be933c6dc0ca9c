/**
 * What has to be sent from this browser. A text is stored before anything else; its encryption, the ratchet steps and the
 * finished bytes are one transaction; then the bytes go to the object (`submit.ts`), and the same bytes again after a
 * failure. Nothing is ever encrypted twice.
 */
import type { Failure, Result } from "../../../worker/contract/failures.ts";
import type { BareJid, ClientId } from "../../../worker/contract/names.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import { report } from "../../../worker/shared/report.ts";
import type { Account } from "../account.ts";
import type { Bytes } from "../bytes.ts";
import { Submitter, failRow } from "./submit.ts";
import { pendingPosition } from "../store/pending-positions.ts";
import { nextNumber } from "../object/send-counter.ts";
import { inParallel } from "../in-parallel.ts";
import { isExposed, prepareTransport, sealStored } from "./seal.ts";
import { nextOrder, storeText } from "./compose.ts";
import { ASKED_AT_ONCE, type Rooms } from "../rooms/rooms.ts";
import { newClientId } from "../protocol/engine.ts";
import type { About } from "../reading/references.ts";
import { deleteMessage, putMessage } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";
import type { DeviceAddress } from "../store/device-rows.ts";
import type { OutboxRow } from "../store/conversation-rows.ts";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** Attempts to encrypt one message to a room, or for lists, that keep changing. */
const ATTEMPTS = 5;

export class Outbox {
  readonly #account: Account;
  readonly #submitter: Submitter;
  readonly #rooms: Rooms;
  #running: Promise<void> | undefined;
  #again = false;
  #poke: (() => void) | undefined;
  #wait: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #stopped = false;

  constructor(account: Account, rooms: Rooms) {
    this.#account = account;
    this.#rooms = rooms;
    this.#submitter = new Submitter(account, () => this.pump());
  }

  /**
   * Stores a text, encrypted at once when everything needed is here, and starts sending it. The same `client` again
   * changes nothing. Fails with `too-large`, `behind`, and as `referencesFor` does.
   */
  async send(
    chat: BareJid,
    text: string,
    client: ClientId,
    about: About = {},
  ): Promise<Result<{ readonly client: ClientId }>> {
    if (text.length > LIMITS.textLength) return { ok: false, error: { kind: "too-large" } };
    if (this.#account.cache.behind) return { ok: false, error: { kind: "behind" } };
    const refused = await this.#account.store.work((unit) =>
      storeText(unit, this.#account, { chat, text, client, about }),
    );
    if (refused !== undefined) return { ok: false, error: refused };
    this.pump();
    return { ok: true, value: { client } };
  }

  /** Stores what is done to a message, and starts sending it. Fails as `store` does, and with `behind`. */
  async act(
    store: (unit: Unit, client: ClientId) => Promise<Failure | undefined>,
  ): Promise<Result<{ readonly done: true }>> {
    if (this.#account.cache.behind) return { ok: false, error: { kind: "behind" } };
    const client = newClientId();
    const refused = await this.#account.store.work((unit) => store(unit, client));
    if (refused !== undefined) return { ok: false, error: refused };
    this.pump();
    return { ok: true, value: { done: true } };
  }

  /** Sends a device a message without content, as soon as it can be. Nothing where there is no session with it. */
  async sendTransport(to: DeviceAddress, added?: Bytes): Promise<void> {
    await this.#account.store.work(async (unit) => {
      const client = newClientId();
      await prepareTransport(unit, this.#account, to, client, await nextOrder(unit), added);
    });
    this.pump();
  }

  /** Sends a failed message again: the same bytes if there are any. */
  async retry(key: string): Promise<void> {
    await this.#account.store.work(async (unit) => {
      const row = await unit.get("outbox", key);
      const message = await unit.get("messages", key);
      if (row === undefined || message === undefined || row.stage !== "failed") return;
      const again = await renumbered(unit, row, message.id !== undefined);
      if (again === undefined) return;
      unit.put("outbox", again);
      // A correction is encrypted as the text that it replaces is; receivers ignore any other.
      const encrypted = message.encrypted && (message.edits !== undefined || !isExposed(this.#account, row.chat));
      const position = message.id === undefined ? pendingPosition(row.order) : message.position;
      await putMessage(unit, { ...message, encrypted, position, state: "waiting", failure: undefined });
    });
    this.#account.directory.forgetBadBundles();
    this.hurry();
  }

  /** Deletes a message that has failed. */
  async discard(key: string): Promise<void> {
    await this.#account.store.work(async (unit) => {
      const row = await unit.get("outbox", key);
      const message = await unit.get("messages", key);
      if (message === undefined || message.state !== "failed") return;
      if (row !== undefined) unit.delete("outbox", key);
      await deleteMessage(unit, message);
    });
  }

  /** Does not wait for the next try. */
  hurry(): void {
    this.#failures = 0;
    this.pump();
  }

  /** Starts working through the outbox, or has the run under way look again. */
  pump(): void {
    clearTimeout(this.#wait);
    if (this.#stopped || this.#account.cache.behind) return;
    if (this.#running !== undefined) {
      this.#again = true;
      this.#poke?.();
      return;
    }
    this.#running = this.#drain().finally(() => {
      this.#running = undefined;
      if (this.#again) this.pump();
    });
    this.#account.store.inBackground(this.#running);
  }

  stop(): void {
    this.#stopped = true;
    this.#submitter.stop();
    clearTimeout(this.#wait);
  }

  /**
   * Submits what is finished, in the order of its numbers, and finishes what waits, one after the other: each may be the
   * predecessor of the next.
   */
  async #drain(): Promise<void> {
    // A conversation whose devices cannot be asked for now holds up no other.
    const blocked = new Set<BareJid>();
    do {
      this.#again = false;
      const rows = await this.#account.store.work((unit) => unit.all("outbox"));
      await this.#submitter.submit(rows);
      const next = rows
        .filter(({ stage, chat }) => stage === "waiting" && !blocked.has(chat))
        .toSorted((a, b) => a.order - b.order)[0];
      if (next !== undefined) {
        if (!(await this.#advance(next))) blocked.add(next.chat);
        this.#again = true;
      }
      // What is written while answers are on their way need not wait for them.
      if (!this.#again && !this.#halted) await this.#settledOrPoked();
    } while (this.#again && !this.#halted);
    await this.#submitter.settled();
    if (this.#stopped || this.#account.cache.behind) return;
    if (this.#submitter.offline || blocked.size > 0) this.#tryLater();
    else this.#failures = 0;
  }

  get #halted(): boolean {
    return this.#stopped || this.#account.cache.behind || this.#submitter.offline;
  }

  async #settledOrPoked(): Promise<void> {
    const poked = new Promise<void>((resolve) => {
      this.#poke = resolve;
    });
    await Promise.race([this.#submitter.settled(), poked]);
    this.#poke = undefined;
  }

  /** Makes one waiting row final. False: its conversation waits. */
  async #advance(row: OutboxRow): Promise<boolean> {
    try {
      return (await this.#finish(row)) !== "blocked";
    } catch (error) {
      if (this.#account.store.closed) throw error;
      // A ratchet or a row that fails holds up its own conversation, not all of them.
      report("a message could not be sealed", error);
      return false;
    }
  }

  #tryLater(): void {
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    this.#failures += 1;
    clearTimeout(this.#wait);
    this.#wait = setTimeout(() => this.pump(), wait);
  }

  /** Gets what is missing from the network, then encrypts. */
  async #finish(row: OutboxRow): Promise<"finished" | "blocked" | "failed"> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const last = attempt === ATTEMPTS - 1;
      const outcome = await this.#account.directory.forOneMessage(() => this.#tryToFinish(row, last));
      if (outcome !== "changed") return outcome;
    }
    return "blocked";
  }

  async #tryToFinish(row: OutboxRow, last: boolean): Promise<"finished" | "blocked" | "failed" | "changed"> {
    const { self } = this.#account;
    const [theirs, ours] = await Promise.all([this.#learn(row.chat), this.#account.directory.devices(self.jid, false)]);
    if (!theirs.ok && theirs.error.kind === "offline") return "blocked";
    if (!ours.ok && ours.error.kind === "offline") return "blocked";
    if (!theirs.ok && this.#rooms.isRoom(row.chat)) return this.#stop(row, theirs.error);
    const missing = await this.#account.store.work((unit) => sealStored(unit, this.#account, row));
    if (missing.kind === "sealed") return "finished";
    if (missing.kind === "held") return "blocked";
    if (missing.kind === "changed") return "changed";
    if (missing.kind === "blocked") return this.#stop(row, missing.failure);
    const fetched = await inParallel(missing.devices, ASKED_AT_ONCE, async (device) => ({
      device,
      answer: await this.#account.directory.bundle(device),
    }));
    const offers = fetched.flatMap(({ device, answer }) =>
      answer.kind === "usable" ? [{ device, bundle: answer.bundle }] : [],
    );
    // A device that could not be asked for may well be usable: it must neither be left out nor lead to clear text.
    if (fetched.some(({ answer }) => answer.kind === "offline")) return "blocked";
    const late = fetched.flatMap(({ device, answer }) => (answer.kind === "later" ? [device] : []));
    const lookedUp = { asked: missing.devices, offers, late, last };
    const outcome = await this.#account.store.work((unit) => sealStored(unit, this.#account, row, lookedUp));
    if (outcome.kind === "sealed") return "finished";
    if (outcome.kind === "held") return "blocked";
    if (outcome.kind === "changed") return "changed";
    const nobody = this.#rooms.isRoom(row.chat) ? { detail: "nobody can read" } : {};
    return this.#stop(
      row,
      outcome.kind === "blocked" ? outcome.failure : { kind: "encryption-unavailable", ...nobody },
    );
  }

  /** The message is not sent, and shows why. */
  async #stop(row: OutboxRow, failure: Failure): Promise<"failed"> {
    await failRow(this.#account, row, failure);
    return "failed";
  }

  /** Which devices the message is for. */
  #learn(chat: BareJid): Promise<Result<unknown>> {
    if (this.#rooms.isRoom(chat)) return this.#rooms.learn(chat);
    // A list that was empty may have been filled by now.
    const empty = this.#account.cache.deviceLists.get(chat)?.devices.length === 0;
    return this.#account.directory.devices(chat, empty);
  }
}

/** A failed message as it is sent again: with a new number where the object never accepted it, for later ones were. */
async function renumbered(unit: Unit, row: OutboxRow, accepted: boolean): Promise<OutboxRow | undefined> {
  if (row.content === undefined) return { ...row, stage: "waiting" };
  if (accepted) return { ...row, stage: "finished" };
  const number = await nextNumber(unit);
  return number === undefined ? undefined : { ...row, stage: "finished", number };
}
