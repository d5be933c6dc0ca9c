/**
 * Submits finished bytes to the object: several messages at once, accepted there in the order of their numbers. One that
 * arrives before its predecessor is refused (`too-early`), waits for it and is submitted again; meanwhile nothing new is.
 */
import type { SendArguments, SendReply } from "../../../worker/contract/calls.ts";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { ClientId } from "../../../worker/contract/names.ts";
import { report } from "../../../worker/shared/report.ts";
import type { Account } from "../account.ts";
import { undoReactions } from "./acting.ts";
import { failedPosition } from "./pending-positions.ts";
import { markBehind, nextNumber, predecessorOf } from "../object/send-counter.ts";
import { moveReadTo, putMessage } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";
import type { OutboxRow } from "../store/conversation-rows.ts";

const IN_FLIGHT = 8;

/** Failures of the object or the way to it, after which the same is submitted again; after any other a message has failed. */
const TRANSIENT: ReadonlySet<Failure["kind"]> = new Set([
  "offline",
  "internal",
  "locked",
  "not-signed-in",
  "revoked",
  "wrong-account",
  "timed-out",
  "connection-lost",
  "storage-full",
]);

type Outcome = "done" | "offline";

export class Submitter {
  readonly #account: Account;
  readonly #underway = new Map<ClientId, Promise<Outcome>>();
  #last: Promise<Outcome> = Promise.resolve("done");
  #offline = false;
  /** Something under way came before its predecessor, and so do those behind it until each of them has been accepted. */
  #overtaken = false;
  #stopped = false;

  constructor(account: Account) {
    this.#account = account;
  }

  /** Something could not be submitted: the outbox tries again later. */
  get offline(): boolean {
    return this.#offline;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Submits everything that is finished; returns when the last one is under way. */
  async submit(rows: readonly OutboxRow[]): Promise<void> {
    if (this.#underway.size === 0) this.#offline = false;
    const finished = rows.filter(({ stage, client }) => stage === "finished" && !this.#underway.has(client));
    for (const row of finished.toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0))) {
      // A new one behind those that came too early would come too early as well, and the queue would never end.
      while (this.#underway.size >= (this.#overtaken ? 1 : IN_FLIGHT)) await Promise.race(this.#underway.values());
      if (this.#underway.size === 0) this.#overtaken = false;
      if (this.#halted) return;
      this.#last = this.#transmit(row, this.#last);
      this.#underway.set(row.client, this.#last);
    }
  }

  /** Nothing is under way any more. */
  async settled(): Promise<void> {
    while (this.#underway.size > 0) await Promise.allSettled(this.#underway.values());
  }

  get #halted(): boolean {
    return this.#stopped || this.#offline || this.#account.cache.behind;
  }

  async #transmit(row: OutboxRow, before: Promise<Outcome>): Promise<Outcome> {
    try {
      const outcome = await this.#deliver(row, before);
      this.#offline ||= outcome === "offline";
      return outcome;
    } catch (error) {
      // An answer that could not be stored comes again when this is sent again.
      if (!this.#account.store.closed) report("the answer to a message could not be stored", error);
      this.#offline = true;
      return "offline";
    } finally {
      this.#underway.delete(row.client);
    }
  }

  async #deliver(row: OutboxRow, before: Promise<Outcome>): Promise<Outcome> {
    for (;;) {
      const ready = await this.#account.store.work((unit) => inTurn(unit, row.client));
      if (ready === undefined) return "done";
      const answer = await this.#account.remote.call("send", ready);
      if (answer.ok) {
        await this.#accepted(row, answer.value);
        return "done";
      }
      switch (answer.error.kind) {
        case "too-early":
          this.#overtaken = true;
          // Requests may overtake each other. Where the one before did not arrive, this one cannot be accepted either.
          if ((await before) === "offline" || this.#halted) return "offline";
          if (!(await this.#stillEarly(ready.after))) continue;
          return "offline";
        case "behind":
          await this.#account.store.work(markBehind);
          return "offline";
        default:
          if (TRANSIENT.has(answer.error.kind)) return "offline";
          await failRow(this.#account, row, answer.error);
          return "done";
      }
    }
  }

  /** Whether the message that was named as the predecessor is still not accepted, though those before this one are done. */
  async #stillEarly(after: number): Promise<boolean> {
    const rows = await this.#account.store.work((unit) => unit.all("outbox"));
    return rows.some(({ number, stage }) => number === after && stage === "finished");
  }

  /** The same bytes submitted again get the same answer. */
  async #accepted(row: OutboxRow, { id, position }: SendReply): Promise<void> {
    await this.#account.store.note(async (unit) => {
      const current = await unit.get("outbox", row.client);
      if (row.purpose !== "text") unit.delete("outbox", row.client);
      else if (current?.stage === "finished") unit.put("outbox", { ...current, stage: "accepted" });
      const message = await unit.get("messages", row.client);
      // The entry itself may have come first, over the socket.
      if (message === undefined || message.id !== undefined) return;
      const epoch = (await unit.meta("cursor"))?.epoch;
      await putMessage(unit, { ...message, id, position, epoch }, { row: message });
      await moveReadTo(unit, row.chat, position);
    });
  }
}

/** What to send of a row that is (still) finished. The predecessor is looked up each time: it may have failed meanwhile. */
async function inTurn(unit: Unit, client: ClientId): Promise<SendArguments | undefined> {
  const row = await unit.get("outbox", client);
  if (row?.stage !== "finished" || row.content === undefined) return undefined;
  const { chat, content, references } = row;
  const number = row.number ?? (await nextNumber(unit));
  if (number === undefined) return undefined;
  if (row.number === undefined) unit.put("outbox", { ...row, number });
  return { client, number, after: predecessorOf(number, await unit.all("outbox")), chat, content, ...references };
}

/** Marks a message as failed. Without a position of the object it stays where it was typed; a key transport or an act is deleted. */
export function failRow(account: Account, row: OutboxRow, failure: Failure): Promise<void> {
  return account.store.work(async (unit) => {
    const message = await unit.get("messages", row.client);
    if (row.purpose !== "text" || message === undefined) {
      if (row.purpose === "act") await undoReactions(unit, account.self.jid, row);
      unit.delete("outbox", row.client);
      return;
    }
    unit.put("outbox", { ...((await unit.get("outbox", row.client)) ?? row), stage: "failed" });
    const placed = message.id !== undefined || row.typedAfter === undefined;
    const position = placed ? message.position : failedPosition(row.typedAfter, row.order);
    await putMessage(unit, { ...message, position, state: "failed", failure });
  });
}
