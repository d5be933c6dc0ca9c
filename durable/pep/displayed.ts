/**
 * What this account has read, shared with its other clients (XEP-0490): what they have shown is asked for at the beginning
 * of each stream and told after that; what was read here is published, once for all that is read within a few seconds.
 * One that is lost with the object's memory is made good by the next.
 */
import type { BareJid } from "../../worker/contract/names.ts";
import { drop } from "../../worker/shared/drop.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import { readElsewhere } from "../ingest/ingest.ts";
import type { Applier } from "../store/apply.ts";
import type { Stores } from "../store/stores.ts";
import { buildDisplayedItem, NS_MDS } from "../xep/mds.ts";
import { parseItems, PRIVATE_NODE, requestItems } from "../xep/pubsub.ts";
import { publishItem } from "./publish.ts";

const PUBLISH_AFTER_MS = 3_000;

export class DisplayedSync {
  readonly #stores: Stores;
  readonly #link: Pick<CurrentLink, "request" | "caughtUp">;
  readonly #applier: Applier;
  /** Conversations that were read here and are not published. */
  readonly #read = new Set<BareJid>();
  /** By conversation, the archive id that the account keeps, as far as it was told or published. */
  readonly #kept = new Map<BareJid, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(stores: Stores, link: Pick<CurrentLink, "request" | "caughtUp">, applier: Applier) {
    this.#stores = stores;
    this.#link = link;
    this.#applier = applier;
  }

  /** Everything was read from the archive: what other clients have shown of it is asked. */
  async begin(): Promise<void> {
    const answer = await this.#link.request(requestItems(NS_MDS));
    const events = answer.ok ? readElsewhere(parseItems(answer.value, NS_MDS) ?? []) : [];
    if (events.length > 0) this.#stores.turn(() => this.#applier.apply(events));
    for (const { chat, upTo } of events) if ("id" in upTo) this.#kept.set(chat, upTo.id);
    this.resumed();
  }

  /** The stream goes on where it was: what could not be published meanwhile is. */
  resumed(): void {
    if (this.#read.size > 0) drop(this.#publish());
  }

  /** These conversations were read here, as far as the store says. */
  moved(chats: readonly BareJid[]): void {
    for (const chat of chats) this.#read.add(chat);
    if (chats.length > 0) this.#timer ??= setTimeout(() => drop(this.#publish()), PUBLISH_AFTER_MS);
  }

  async #publish(): Promise<void> {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
    const { markers, conversations } = this.#stores;
    for (const chat of this.#read) {
      // It is begun again with the next stream.
      if (!this.#link.caughtUp) return;
      this.#read.delete(chat);
      const upTo = conversations.readTo(chat);
      const archive = upTo === undefined ? undefined : markers.newestArchived(chat, upTo);
      if (archive === undefined || this.#kept.get(chat) === archive.id) continue;
      const answer = await publishItem(this.#link, NS_MDS, buildDisplayedItem({ chat, archive }), PRIVATE_NODE);
      if (answer.ok) this.#kept.set(chat, archive.id);
      else if (answer.error.kind === "lost") this.#read.add(chat);
    }
  }
}
