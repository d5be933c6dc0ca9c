/**
 * Submits finished bytes to the object: several messages at once, accepted there in the order of their numbers. One that
 * arrives before its predecessor is refused (`too-early`), waits for it and is submitted again; meanwhile nothing new is.
 */
import type { SendArguments, SendReply } from "../../../worker/contract/calls.ts";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { ClientId } from "../../../worker/contract/names.ts";
import { report } from "../../../worker/shared/report.ts";
import type { Account } from "../account.ts";
import { undoAct } from "../reading/acts.ts";
import { failedPosition } from "../store/pending-positions.ts";
import { askAgain, leavingOf } from "./leaving.ts";
import { markBehind, nextNumber, predecessorOf } from "../object/send-counter.ts";
import { moveReadTo, putMessage } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";
import type { OutboxRow } from "../store/conversation-rows.ts";

const IN_FLIGHT = 8;
/** The entry of what was accepted, and that it was sent, come within this, and are stored together with that it was accepted. */
const ACCEPTED_WITHIN_MS = 30;

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
  readonly #reopened: () => void;
  /** What the object may have taken though it has not said so: what was given to it, and since which hello. */
  readonly #given = new Map<ClientId, number>();
  /** The hello after which the lists of who is to read were asked for. */
  #asked = -1;

  /** `reopened`: something that was finished is to be sealed anew. */
  constructor(account: Account, reopened: () => void) {
    this.#account = account;
    this.#reopened = reopened;
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
    const { hellos } = this.#account.live;
    if (finished.length > 0 && this.#asked < hellos) {
      this.#asked = hellos;
      await askAgain(this.#account, finished);
    }
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
      if (outcome === "done") this.#given.delete(row.client);
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

  /**
   * What to send of a row that is (still) finished. `reopened`: nobody but ourselves could read it by now, and the object has
   * not taken it: it is sealed for those who can. What it may have taken is told it as it was.
   */
  async #inTurn(unit: Unit, client: ClientId): Promise<SendArguments | "reopened" | undefined> {
    const row = await unit.get("outbox", client);
    if (row?.stage !== "finished") return undefined;
    const leaving = await leavingOf(unit, this.#account, row);
    // Whether the object has it, it says in its hello.
    if (leaving.kind === "nobody" && this.#account.live.hellos === 0) return undefined;
    if (leaving.kind === "nobody" && this.#isUntaken(row)) {
      unit.put("outbox", { ...row, stage: "waiting", number: undefined, content: undefined, readers: undefined });
      return "reopened";
    }
    if (leaving.kind === "less") unit.put("outbox", leaving.row);
    return argumentsOf(unit, leaving.kind === "less" ? leaving.row : row);
  }

  /** The object has said hello since it was given this row, if it was, and had not accepted it. */
  #isUntaken({ client, number }: OutboxRow): boolean {
    const { hellos, accepted } = this.#account.live;
    return hellos > (this.#given.get(client) ?? 0) && (number ?? 0) > accepted;
  }

  async #deliver(row: OutboxRow, before: Promise<Outcome>): Promise<Outcome> {
    for (;;) {
      const ready = await this.#account.store.work((unit) => this.#inTurn(unit, row.client));
      if (ready === "reopened") this.#reopened();
      if (ready === undefined || ready === "reopened") return "done";
      this.#given.set(row.client, this.#account.live.hellos);
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
    const { store } = this.#account;
    const accept = async (unit: Unit): Promise<void> => {
      const current = await unit.get("outbox", row.client);
      if (row.purpose === "transport") unit.delete("outbox", row.client);
      else if (current?.stage === "finished")
        unit.put("outbox", { ...current, stage: "accepted", ...(row.purpose === "act" && { entry: id }) });
      const message = await unit.get("messages", row.client);
      // The entry itself may have come first, over the socket.
      if (message === undefined || message.id !== undefined) return;
      const epoch = (await unit.meta("cursor"))?.epoch;
      await putMessage(unit, { ...message, id, position, epoch }, { row: message });
      await moveReadTo(unit, row.chat, position);
    };
    // By the entry that an act got with this answer what becomes of it is recognised.
    await (row.purpose === "act" ? store.note(accept) : store.along(accept, ACCEPTED_WITHIN_MS));
  }
}

/** The predecessor is looked up each time: it may have failed meanwhile. */
async function argumentsOf(unit: Unit, row: OutboxRow): Promise<SendArguments | undefined> {
  const { client, chat, content, references } = row;
  if (content === undefined) return undefined;
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
      if (row.purpose === "act") await undoAct(unit, account.self.jid, row, failure);
      unit.delete("outbox", row.client);
      return;
    }
    unit.put("outbox", { ...((await unit.get("outbox", row.client)) ?? row), stage: "failed" });
    const placed = message.id !== undefined || row.typedAfter === undefined;
    const position = placed ? message.position : failedPosition(row.typedAfter, row.order);
    await putMessage(unit, { ...message, position, state: "failed", failure });
  });
}
