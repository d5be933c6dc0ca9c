/**
 * Watches the clear-text connection of an object from outside (XEP-0198): counts the stanzas it was given, and holds
 * every `h` it says against what it has stored at that moment.
 */
import { Frames } from "./frames.ts";
import type { Tap } from "./proxy.ts";

/** A message that has to be in the log once it was acknowledged: how it can be found there. */
export type Given = { readonly archiveId: string | undefined; readonly id: string | undefined };
/** `archived`: an answer of the archive, which still holds it. */
type Stanza = (Given & { readonly archived: boolean }) | undefined;

/** One stream under management, over all its connections. `base`: so many stanzas were acknowledged. */
type Stream = { base: number; readonly given: Stanza[]; resumable: string | undefined; connection: Tap | undefined };

export type Acknowledged = {
  /** Acknowledgements seen, and the messages in them that were looked up. */
  readonly acknowledgements: number;
  readonly messages: number;
  /**
   * Answers of the archive that were acknowledged and not taken: a query that a reset has forgotten is answered again on
   * the resumed stream. Nothing is lost by it, for the archive is asked again from the same place.
   */
  readonly unclaimed: number;
  readonly violations: readonly string[];
};

export class Observer {
  readonly #isStored: (message: Given) => boolean;
  readonly #streams = new Map<string, Stream>();
  readonly #violations: string[] = [];
  #acknowledgements = 0;
  #messages = 0;
  #unclaimed = 0;

  /** @param isStored looks into the object's storage, now */
  constructor(isStored: (message: Given) => boolean) {
    this.#isStored = isStored;
  }

  get result(): Acknowledged {
    return {
      acknowledgements: this.#acknowledgements,
      messages: this.#messages,
      unclaimed: this.#unclaimed,
      violations: this.#violations,
    };
  }

  /** For one new connection. */
  tap(): Tap {
    const frames = { in: new Frames(), out: new Frames() };
    let stream: Stream | undefined;
    let resuming: Stream | undefined;
    const tap: Tap = (direction, bytes) => {
      for (const text of frames[direction].take(bytes)) {
        const name = /^<([a-z:]+)/.exec(text)?.[1] ?? "";
        if (direction === "out") {
          const h = Number(attribute(text, "h"));
          if (name === "a" && stream) this.#acknowledged(stream, h);
          if (name === "resume") {
            resuming = this.#streams.get(attribute(text, "previd") ?? "");
            if (resuming) this.#acknowledged(resuming, h);
          }
          continue;
        }
        if (name === "enabled") {
          const id = attribute(text, "id");
          stream = { base: 0, given: [], resumable: id, connection: tap };
          if (id !== undefined) this.#streams.set(id, stream);
        } else if (name === "resumed") {
          stream = resuming;
          if (!stream) continue;
          // What was not acknowledged is given once more, and here; what still flows on the old connection counts no more.
          stream.given.splice(0);
          stream.connection = tap;
        } else if (name === "message" || name === "presence" || name === "iq") {
          if (stream?.connection === tap) stream.given.push(name === "message" ? messageIn(text) : undefined);
        }
      }
    };
    return tap;
  }

  #acknowledged(stream: Stream, h: number): void {
    this.#acknowledgements += 1;
    const count = h - stream.base;
    if (count < 0) this.#violations.push(`h went back from ${stream.base} to ${h}`);
    if (count > stream.given.length)
      this.#violations.push(`h is ${h} after ${stream.base + stream.given.length} stanzas`);
    for (const message of stream.given.splice(0, Math.max(0, count))) {
      if (!message) continue;
      this.#messages += 1;
      if (this.#isStored(message)) continue;
      if (message.archived) this.#unclaimed += 1;
      else this.#violations.push(`not stored at h ${h}, said before ${stream.base}: ${JSON.stringify(message)}`);
    }
    stream.base = Math.max(h, stream.base);
  }
}

/** A message with a text: live, as a carbon, or out of the archive. Anything else leaves no entry of its own. */
function messageIn(text: string): Stanza {
  if (!text.includes("<body")) return undefined;
  const forwarded = /<result\b[^>]*>/.exec(text)?.[0];
  const inner = /<message\b[^>]*>/g;
  const heads = [...text.matchAll(inner)].map(([head]) => head);
  return {
    archiveId: attribute(forwarded ?? /<stanza-id\b[^>]*>/.exec(text)?.[0] ?? "", "id"),
    id: attribute(heads.at(-1) ?? "", "id"),
    archived: forwarded !== undefined,
  };
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`[ ]${name}=(?:'([^']*)'|"([^"]*)")`)
    .exec(tag)
    ?.slice(1)
    .find((value) => value !== undefined);
}
