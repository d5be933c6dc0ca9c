/** A new browser and an older one that have each other's keys: what they say under them until the person has decided. */
import { drop } from "../../../worker/shared/drop.ts";
import { type Bytes, concat, sameBytes } from "../bytes.ts";
import { fingerprintOf } from "../omemo/fingerprint.ts";
import { type Card, cardText, isCardOf, newSecret, readingProof } from "./card.ts";
import type { Met, Run } from "./letting-in.ts";
import { SealedLine } from "./sealed-line.ts";
import { SAYS, type Talk } from "./talk.ts";

/** What is said, in the first byte. */
const WORDS = ["allowed", "allowed-with-history", "confirmed", "differs", "refused", "read", "settled"] as const;
export type Word = (typeof WORDS)[number];

export type Heard =
  | { readonly kind: "word"; readonly word: Exclude<Word, "read"> }
  /** The other end has read this browser's card; `right`: it is this one's, of this meeting. */
  | { readonly kind: "read"; readonly right: boolean }
  | { readonly kind: "nothing" | "broken" };

export class Meeting {
  readonly talk: Talk;
  readonly met: Met;
  /** 64 hex digits of the key at the other end. */
  readonly fingerprint: string;
  readonly #own: Run["own"];
  readonly #line: SealedLine;
  readonly #secret: Bytes;
  /** A card was read, by one of both: nobody sits between. */
  proven = false;

  /** `secret`: of the card that this browser shows. */
  constructor(talk: Talk, own: Run["own"], met: Met, secret: Bytes = newSecret()) {
    this.talk = talk;
    this.met = met;
    this.fingerprint = fingerprintOf(met.theirs.identityKey);
    this.#own = own;
    this.#line = new SealedLine(met);
    this.#secret = secret;
  }

  /** The text of the picture that this browser shows. */
  get card(): string {
    const { device, identityKey } = this.#own;
    return cardText({ device, identityKey, ephemeral: this.met.ephemeral, secret: this.#secret });
  }

  say(word: Word, body: Bytes = new Uint8Array()): void {
    const words = concat(Uint8Array.of(WORDS.indexOf(word)), body);
    drop(this.talk.say(SAYS.record, this.#line.seal(words)));
  }

  /** The card of the other end was scanned here: it is told, where this is its card. */
  async scanned(card: Card): Promise<boolean> {
    if (!isCardOf(card, this.talk.peer, this.met.theirs)) return false;
    this.proven = true;
    this.say("read", await readingProof(card.secret, this.met.binding));
    return true;
  }

  async heard(record: Bytes): Promise<Heard> {
    const opened = await this.#line.open(record);
    if (opened.kind !== "message") return { kind: opened.kind === "again" ? "nothing" : "broken" };
    const word = WORDS[opened.message[0] ?? WORDS.length];
    if (word === undefined) return { kind: "nothing" };
    if (word !== "read") return { kind: "word", word };
    const right = sameBytes(opened.message.slice(1), await readingProof(this.#secret, this.met.binding));
    this.proven ||= right;
    return { kind: "read", right };
  }
}
