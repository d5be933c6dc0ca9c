/** One account's side of its streams: hears what they tell, each in a turn of its own (`Stores.turn`). */
import type { Element } from "@xmpp/xml";
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid, BrowserId, Time } from "../../worker/contract/names.ts";
import type { StreamEnd, StreamListener } from "../link/management/listener.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import type { Applier } from "../store/apply.ts";
import type { OmemoNodes } from "../omemo/nodes.ts";
import type { RoomOccupancy } from "../rooms/occupancy.ts";
import { Pruning } from "../store/pruning.ts";
import type { Stores } from "../store/stores.ts";
import { Establish, type EstablishParts } from "./establish.ts";
import { type StanzaParts, Stanzas } from "./stanzas.ts";
import { SessionState } from "./state.ts";

export class StreamSession implements StreamListener {
  readonly #stores: Stores;
  readonly #link: CurrentLink;
  readonly #nodes: OmemoNodes;
  readonly #occupancy: RoomOccupancy;
  readonly #state: SessionState;
  readonly #establish: Establish;
  readonly #stanzas: Stanzas;
  readonly #pruning: Pruning;
  readonly #applier: Pick<Applier, "catchUp">;

  constructor(parts: Omit<StanzaParts & EstablishParts, "state">) {
    const { stores, link, nodes, applier, occupancy } = parts;
    this.#stores = stores;
    this.#link = link;
    this.#nodes = nodes;
    this.#occupancy = occupancy;
    this.#pruning = new Pruning(stores);
    this.#applier = applier;
    this.#state = new SessionState(stores, link, applier);
    this.#establish = new Establish({ ...parts, state: this.#state });
    this.#stanzas = new Stanzas({ ...parts, state: this.#state });
  }

  stands(resumed: boolean): boolean {
    return this.#establish.stands(resumed);
  }

  begin(ready: boolean): Promise<void> {
    return this.#establish.begin(ready);
  }

  resent(): void {
    this.#establish.writeOutbox();
  }

  stanza(stanza: Element, inbound: number | undefined): boolean {
    return this.#stores.turn(() => this.#stanzas.stanza(stanza, inbound));
  }

  unreadable(outline: Element, broken: boolean): void {
    this.#stores.turn(() => this.#stanzas.unreadable(outline, broken));
  }

  acknowledged(ids: readonly string[], store: () => void): void {
    this.#stores.turn(() => this.#stanzas.acknowledged(ids, store));
    this.#link.writing.arrived(ids);
  }

  broke(end: StreamEnd): boolean {
    // The very first stream of an account may end before anything was stored.
    return this.#stores.meta.owner !== undefined && this.#link.writing.broke(end);
  }

  ended(): void {
    this.#occupancy.lost();
  }

  /** Older messages of a conversation, on demand; they come as entries. Fails with `offline`, `peer-refused`. */
  older(chat: BareJid): Promise<Result<{ readonly complete: boolean }>> {
    const inRoom = this.#stores.rooms.get(chat) !== undefined;
    return inRoom ? this.#occupancy.archives.older(chat) : this.#state.backfill.older(chat);
  }

  /**
   * What is done now and then while the stream stands and everything is read. True where browsers have fallen dormant,
   * which the others should see.
   */
  heartbeat(now: Time, attached: ReadonlySet<BrowserId>): Promise<boolean> {
    this.#occupancy.heartbeat(now);
    this.#pruning.heartbeat(now);
    this.#applier.catchUp(now);
    return this.#nodes.retireDormant(now, attached);
  }
}
