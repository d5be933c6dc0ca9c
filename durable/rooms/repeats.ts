/** What a room without an archive repeats of its past when we come back (XEP-0045 §7.2.13), and of that what we have heard. Pure. */
import type { MessageContent } from "../../worker/contract/entries.ts";
import type { Time } from "../../worker/contract/names.ts";
import type { MessageEvent } from "../ingest/stanza-event.ts";
import type { Recent } from "../log/recent.ts";

export class Repeats {
  readonly #heard = new Map<string, Time[]>();
  readonly #slackMs: number;

  /** `slackMs`: by how much the room's clock and ours may differ, for what came live has our time. */
  constructor(heard: readonly Recent[], slackMs: number) {
    this.#slackMs = slackMs;
    for (const { nick, at, content } of heard) {
      const key = keyOf(nick, content);
      this.#heard.set(key, [...(this.#heard.get(key) ?? []), at]);
    }
  }

  /** Whether it is one of those: each counts for one, so that words said twice are there twice. */
  has({ occupant, at, content }: Pick<MessageEvent, "occupant" | "at" | "content">): boolean {
    const times = this.#heard.get(keyOf(occupant?.nick ?? "", content)) ?? [];
    const found = times.findIndex((time) => Math.abs(time - at) <= this.#slackMs);
    if (found >= 0) times.splice(found, 1);
    return found >= 0;
  }
}

/** Keys of a header are left out: those that are kept depend on our browsers. */
function keyOf(nick: string, content: MessageContent): string {
  const said = content.kind === "omemo" ? [content.omemo.sid, content.omemo.iv, content.omemo.payload] : content;
  return JSON.stringify([nick, said]);
}
