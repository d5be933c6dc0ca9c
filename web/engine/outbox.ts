/**
 * What has to leave this browser. A text is stored before anything else; its encryption, the ratchet steps and the
 * finished bytes are one transaction; then the bytes go to the object, one message after the other, and the same bytes
 * again after a failure. Nothing is ever encrypted twice.
 */
import type { BareJid, ClientId, Failure, Result } from "../../worker/contract.ts";
import { LIMITS } from "../../worker/contract.ts";
import type { Account } from "./account.ts";
import { pendingPosition } from "./entries.ts";
import { isExposed, prepareTransport, sealStored } from "./outbox-seal.ts";
import type { DeviceAddress } from "./omemo/sessions.ts";
import { changeChat, chatOf, deleteMessage, moveReadTo, putMessage } from "./store/messages.ts";
import type { OutboxRow } from "./store/schema.ts";
import type { Unit } from "./store/unit.ts";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** After these the object or the way to it may be better next time; after any other the message has failed. */
const TRANSIENT: ReadonlySet<Failure["kind"]> = new Set([
  "offline",
  "internal",
  "locked",
  "not-signed-in",
  "timed-out",
  "connection-lost",
]);

export class Outbox {
  readonly #account: Account;
  #running: Promise<void> | undefined;
  #again = false;
  #wait: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #stopped = false;

  constructor(account: Account) {
    this.#account = account;
  }

  /**
   * Stores a text, encrypted at once when everything needed is here, and lets it go. `client` makes a repeated command
   * harmless.
   */
  async send(chat: BareJid, text: string, client: ClientId): Promise<Result<{ readonly client: ClientId }>> {
    if (text.length > LIMITS.textLength) return { ok: false, error: { kind: "too-large" } };
    const { self } = this.#account;
    await this.#account.work(async (unit) => {
      if ((await unit.get("messages", client)) !== undefined) return;
      const order = await nextOrder(unit);
      const last = (await chatOf(unit, chat)).last;
      if (last !== undefined && last.position < pendingPosition(0)) await moveReadTo(unit, chat, last.position);
      await changeChat(unit, chat, { answered: true });
      await putMessage(unit, {
        key: client,
        chat,
        position: pendingPosition(order),
        at: Date.now(),
        outgoing: true,
        encrypted: !isExposed(this.#account, chat),
        body: { kind: "text", text },
        state: "waiting",
        hidden: 0,
        counted: 0,
        originKey: `${self.jid}\n${client}`,
      });
      const row: OutboxRow = { client, order, chat, purpose: "text", stage: "waiting" };
      unit.put("outbox", row);
      const earlier = (await unit.all("outbox")).some(
        (other) => other.chat === chat && other.stage === "waiting" && other.client !== client,
      );
      if (!earlier) await sealStored(unit, this.#account, row);
    });
    this.pump();
    return { ok: true, value: { client } };
  }

  /** Owes a device a message without content. */
  async sendTransport(to: DeviceAddress): Promise<void> {
    await this.#account.work(async (unit) => {
      const client = crypto.randomUUID() as ClientId;
      await prepareTransport(unit, this.#account.self, to, client, await nextOrder(unit));
    });
    this.pump();
  }

  /** Sends a failed message again: the same bytes if there are any. */
  async retry(key: string): Promise<void> {
    await this.#account.work(async (unit) => {
      const row = await unit.get("outbox", key);
      const message = await unit.get("messages", key);
      if (row === undefined || message === undefined || row.stage !== "failed") return;
      unit.put("outbox", { ...row, stage: row.content === undefined ? "waiting" : "finished" });
      const encrypted = message.encrypted && !isExposed(this.#account, row.chat);
      await putMessage(unit, { ...message, encrypted, state: "waiting", failure: undefined });
    });
    this.#account.forgetBadBundles();
    this.hurry();
  }

  /** Forgets a message that has not left. */
  async discard(key: string): Promise<void> {
    await this.#account.work(async (unit) => {
      const row = await unit.get("outbox", key);
      const message = await unit.get("messages", key);
      if (message === undefined || message.state !== "failed") return;
      if (row !== undefined) unit.delete("outbox", key);
      await deleteMessage(unit, message);
    });
  }

  /** Tries at once what has waited for the network. */
  hurry(): void {
    this.#failures = 0;
    this.pump();
  }

  /** Works through what is there, unless somebody does already. */
  pump(): void {
    clearTimeout(this.#wait);
    if (this.#stopped) return;
    if (this.#running !== undefined) {
      this.#again = true;
      return;
    }
    this.#running = this.#drain().finally(() => {
      this.#running = undefined;
      if (this.#again) this.pump();
    });
    this.#account.inBackground(this.#running);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#wait);
  }

  async #drain(): Promise<void> {
    this.#again = false;
    const rows = await this.#account.work(async (unit) => unit.all("outbox"));
    const waiting = rows.filter(({ stage }) => stage === "waiting" || stage === "finished");
    // A conversation whose devices cannot be asked for now holds up nobody else.
    const blocked = new Set<BareJid>();
    let later = false;
    for (const row of waiting.toSorted((a, b) => a.order - b.order)) {
      if (this.#stopped) return;
      if (blocked.has(row.chat)) continue;
      const outcome = await this.#advance(row);
      if (outcome === "done") continue;
      later = true;
      if (outcome === "offline") break;
      blocked.add(row.chat);
    }
    if (later) this.#tryLater();
    else this.#failures = 0;
  }

  /** One row as far as it comes. `blocked`: its conversation waits; `offline`: nothing can be sent now. */
  async #advance(row: OutboxRow): Promise<"done" | "blocked" | "offline"> {
    try {
      const finished = row.stage === "finished" ? row : await this.#finish(row);
      if (finished === "blocked") return "blocked";
      return finished === undefined || (await this.#transmit(finished)) ? "done" : "offline";
    } catch (error) {
      if (this.#account.closed) throw error;
      // A ratchet or a row that cannot be worked on holds up its own conversation, not all of them.
      return "blocked";
    }
  }

  #tryLater(): void {
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    this.#failures += 1;
    clearTimeout(this.#wait);
    this.#wait = setTimeout(() => this.pump(), wait);
  }

  /** Gets what is missing from the network, then encrypts. Undefined: the message has failed. */
  async #finish(row: OutboxRow): Promise<OutboxRow | "blocked" | undefined> {
    const { self } = this.#account;
    // A list that was empty may have been filled by now.
    const empty = this.#account.mirror.deviceLists.get(row.chat)?.devices.length === 0;
    const [theirs, ours] = await Promise.all([
      this.#account.devices(row.chat, empty),
      this.#account.devices(self.jid, false),
    ]);
    if (!theirs.ok && theirs.error.kind === "offline") return "blocked";
    if (!ours.ok && ours.error.kind === "offline") return "blocked";
    const missing = await this.#account.work((unit) => sealStored(unit, this.#account, row));
    if (missing.kind === "sealed") return missing.row;
    const fetched = await Promise.all(
      missing.devices.map(async (device) => ({ device, answer: await this.#account.bundle(device) })),
    );
    const offers = fetched.flatMap(({ device, answer }) =>
      answer.kind === "usable" ? [{ device, bundle: answer.bundle }] : [],
    );
    // Who could not be asked may well be able to read: that is no reason to leave anybody out, or the lock.
    if (fetched.some(({ answer }) => answer.kind === "offline")) return "blocked";
    const outcome = await this.#account.work((unit) => sealStored(unit, this.#account, row, offers));
    if (outcome.kind === "sealed") return outcome.row;
    await this.#fail(row, { kind: "encryption-unavailable" });
    return undefined;
  }

  /** False: nothing more can be sent now. */
  async #transmit(row: OutboxRow): Promise<boolean> {
    if (row.content === undefined) throw new TypeError("a finished row has content");
    const answer = await this.#account.remote.call("send", {
      client: row.client,
      number: row.order,
      after: 0,
      chat: row.chat,
      content: row.content,
    });
    if (!answer.ok) {
      if (TRANSIENT.has(answer.error.kind)) return false;
      await this.#fail(row, answer.error);
      return true;
    }
    const { id, position } = answer.value;
    await this.#account.work(async (unit) => {
      const current = await unit.get("outbox", row.client);
      if (row.purpose === "transport") unit.delete("outbox", row.client);
      else if (current?.stage === "finished") unit.put("outbox", { ...current, stage: "accepted" });
      const message = await unit.get("messages", row.client);
      // The entry itself may have come first, over the socket.
      if (message === undefined || message.id !== undefined) return;
      const epoch = (await unit.meta("cursor"))?.epoch;
      await putMessage(unit, { ...message, id, position, epoch });
      await moveReadTo(unit, row.chat, position);
    });
    return true;
  }

  #fail(row: OutboxRow, failure: Failure): Promise<void> {
    return this.#account.work(async (unit) => {
      const message = await unit.get("messages", row.client);
      if (row.purpose === "transport" || message === undefined) unit.delete("outbox", row.client);
      else {
        unit.put("outbox", { ...((await unit.get("outbox", row.client)) ?? row), stage: "failed" });
        await putMessage(unit, { ...message, state: "failed", failure });
      }
    });
  }
}

async function nextOrder(unit: Unit): Promise<number> {
  const next = (await unit.meta("outbox"))?.next ?? 1;
  unit.put("meta", { name: "outbox", next: next + 1 });
  return next;
}
