/**
 * What a browser has written and its account has not yet taken: numbered, submitted until it is accepted, a few at a
 * time. It outlives every connection, as the database of a real browser does.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { SendArguments, SendReply } from "../../worker/contract/calls.ts";
import type { FailureKind, Result } from "../../worker/contract/failures.ts";
import type { BareJid, ClientId } from "../../worker/contract/names.ts";
import { drop } from "../../worker/shared/drop.ts";
import type { PlannedMessage } from "./plan.ts";

/** Submitted at the same time: two calls may overtake each other. */
const IN_FLIGHT = 3;
const TRY_AGAIN_MS = 40;
const TRY_AGAIN_AT_MOST_MS = 400;
const ANSWER_TIMEOUT_MS = 8_000;
/** Failures that no new try mends. */
const FATAL: ReadonlySet<FailureKind> = new Set([
  "behind",
  "not-signed-in",
  "revoked",
  "malformed",
  "too-large",
  "would-expose",
  "not-found",
]);

export interface OutboxHost {
  send(args: SendArguments): Promise<Result<SendReply>>;
  /** Whether to submit more now, or to let the others catch up. */
  mayGoOn(): boolean;
  accepted(): void;
  noticed(says: string): void;
}

type Sent = { readonly args: SendArguments; readonly reply: SendReply };

export class Outbox {
  readonly #host: OutboxHost;
  readonly #chat: BareJid;
  readonly #waiting: PlannedMessage[];
  readonly #sent: Sent[] = [];
  readonly #replies = new Map<ClientId, SendReply>();
  #inFlight = 0;
  #lastNumber = 0;
  #copies = 1;
  #stopped = false;

  constructor(host: OutboxHost, chat: BareJid, messages: readonly PlannedMessage[]) {
    this.#host = host;
    this.#chat = chat;
    this.#waiting = [...messages];
  }

  get acceptedCount(): number {
    return this.#sent.length;
  }

  /** Neither waiting nor under way. */
  get left(): number {
    return this.#waiting.length + this.#inFlight;
  }

  /** Number of the last message it has ever submitted. */
  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** Its own message by the name it gave it: what was answered for it. */
  replyOf(client: ClientId): SendReply | undefined {
    return this.#replies.get(client);
  }

  /** Submits as much as may be under way; to be called whenever something changed. */
  pump(): void {
    while (!this.#stopped && this.#inFlight < IN_FLIGHT && this.#host.mayGoOn()) {
      const message = this.#waiting.shift();
      if (!message) return;
      this.#inFlight += 1;
      this.#lastNumber = message.number;
      drop(this.#deliver(message));
    }
  }

  /** The next message is submitted so often at once; one that was accepted is submitted again. */
  sendAgain(copies: number, back: number): void {
    this.#copies = copies;
    const earlier = this.#sent.at(-1 - (back % Math.max(1, this.#sent.length)));
    if (earlier) drop(this.#repeat(earlier));
  }

  stop(): void {
    this.#stopped = true;
  }

  async #deliver({ number, text }: PlannedMessage): Promise<void> {
    const args: SendArguments = {
      ...{ client: crypto.randomUUID() as ClientId, number, after: number - 1, chat: this.#chat },
      content: { kind: "clear", text, exposed: false },
    };
    const copies = this.#copies;
    this.#copies = 1;
    const replies = await Promise.all(Array.from({ length: copies }, () => this.#untilAccepted(args)));
    this.#inFlight -= 1;
    const [reply, ...others] = replies.filter((answer) => answer !== undefined);
    if (!reply) return;
    for (const other of others) this.#compare(args, reply, other);
    this.#sent.push({ args, reply });
    this.#replies.set(args.client, reply);
    this.#host.accepted();
    this.pump();
  }

  async #repeat({ args, reply }: Sent): Promise<void> {
    const again = await this.#untilAccepted(args);
    if (again) this.#compare(args, reply, again);
  }

  async #untilAccepted(args: SendArguments): Promise<SendReply | undefined> {
    for (let tries = 1; !this.#stopped; tries += 1) {
      const answer = await this.#once(args);
      if (answer?.ok) return answer.value;
      if (answer && FATAL.has(answer.error.kind)) {
        this.#host.noticed(`message ${args.number} was refused: ${answer.error.kind}`);
        return undefined;
      }
      await sleep(Math.min(TRY_AGAIN_MS * tries, TRY_AGAIN_AT_MOST_MS));
    }
    return undefined;
  }

  /** Undefined where no answer came. */
  async #once(args: SendArguments): Promise<Result<SendReply> | undefined> {
    const call = this.#host.send(args).catch(noAnswer);
    const timeout = new AbortController();
    const late = sleep(ANSWER_TIMEOUT_MS, undefined, { signal: timeout.signal }).catch(noAnswer);
    const answer = await Promise.race([call, late]);
    timeout.abort();
    return answer;
  }

  #compare(args: SendArguments, first: SendReply, second: SendReply): void {
    if (first.id === second.id && first.seq === second.seq && first.position === second.position) return;
    this.#host.noticed(
      `message ${args.number} was answered with ${JSON.stringify(first)} and ${JSON.stringify(second)}`,
    );
  }
}

/** Cut, refused, or an answer that is none: the message is submitted again. */
function noAnswer(): undefined {
  return undefined;
}
