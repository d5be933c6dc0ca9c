/** A service with one room, as far as the object sees it: what the room says of itself, when asked, is the test's. */
import xml, { type Element } from "@xmpp/xml";
import type { ServerFrame } from "../../worker/contract/frames.ts";
import type { BareJid, ClientId } from "../../worker/contract/names.ts";
import type { RoomInfo } from "../../worker/contract/rooms.ts";
import type { StanzaEvent, RoomEvent } from "../ingest/stanza-event.ts";
import type { RequestResult } from "../link/iq.ts";
import { RoomOccupancy } from "../rooms/occupancy.ts";
import { Applier } from "../store/apply.ts";
import { buildInfo, NS_DISCO_ITEMS } from "../xep/disco.ts";
import { NS_MUC } from "../xep/muc.ts";
import { NS_PING } from "../xep/ping.ts";
import { ME } from "./ingest.ts";
import { ROOM } from "./room.ts";
import { type MemoryStorage, memoryStorage } from "./sql-storage.ts";
import { storesOf } from "./stores.ts";

const NS_MUC_OWNER = "http://jabber.org/protocol/muc#owner";
const NS_DISCO_INFO = "http://jabber.org/protocol/disco#info";
export const PRIVATE = [NS_MUC, "muc_membersonly", "muc_nonanonymous"];
export const OPEN = [NS_MUC, "muc_open", "muc_semianonymous"];

/** It says what it is, says nothing in time, or comes back with this condition. */
export type Says = readonly string[] | "timed-out" | { readonly refused: string };

export class RoomService {
  readonly stores: ReturnType<typeof storesOf>;
  readonly occupancy: RoomOccupancy;
  says: Says = OPEN;
  name: string | undefined;
  live = true;
  /** It has let us go without a word (XEP-0410). */
  forgot = false;
  /** How often it was asked what it is. */
  asked = 0;
  /** Messages that were written to the stream, by their names. */
  readonly written: ClientId[] = [];
  readonly sent: Element[] = [];
  readonly requests: Element[] = [];
  /** Before a request is answered. */
  onRequest: ((iq: Element) => void) | undefined;
  /** It gives its owner a form, and takes one. */
  form = false;
  /** Frames to the browsers. */
  readonly frames: ServerFrame[] = [];
  /** How presence to enter is answered; by us coming in, unless the test says otherwise. */
  onJoin: (nick: string) => readonly RoomEvent[] = (nick) => [here(nick)];

  constructor(storage: MemoryStorage = memoryStorage()) {
    this.stores = storesOf(ME, storage, (frame) => this.frames.push(frame));
    const isLive = () => this.live;
    const link = {
      get live() {
        return isLive();
      },
      send: (stanza: Element) => this.#take(stanza),
      write: ({ client }: { readonly client: ClientId }) => this.written.push(client) > 0,
      request: async (iq: Element): Promise<RequestResult> => this.#answer(iq),
    };
    this.occupancy = new RoomOccupancy(this.stores, link, new Applier(this.stores));
  }

  join(nick = "me", more: { readonly password?: string; readonly name?: string } = {}) {
    return this.occupancy.join(ROOM, { nick, ...more });
  }

  /** What a stanza of the room says. */
  tells(...events: readonly (RoomEvent | StanzaEvent)[]): void {
    this.stores.turn(() => {
      const rest = this.occupancy.take(events);
      if (rest.length > 0) this.occupancy.live(rest);
    });
  }

  /** The room as a browser would be told now. */
  info(jid: BareJid = ROOM): RoomInfo | undefined {
    return this.stores.rooms.infos().find((room) => room.jid === jid);
  }

  #take(stanza: Element): boolean {
    if (!this.live) return false;
    this.sent.push(stanza);
    const { to = "", type } = stanza.attrs as { readonly to?: string; readonly type?: string };
    if (stanza.name === "presence" && type === undefined) {
      const events = this.onJoin(to.slice(to.indexOf("/") + 1));
      queueMicrotask(() => this.tells(...events));
    }
    return true;
  }

  #answer(iq: Element): RequestResult {
    this.requests.push(iq);
    this.onRequest?.(iq);
    if (!this.live) return { ok: false, error: { kind: "lost" } };
    if (this.forgot && iq.getChild("ping", NS_PING) !== undefined)
      return { ok: false, error: { kind: "stanza-error", condition: "not-acceptable" } };
    if (this.form && iq.getChild("query", NS_MUC_OWNER) !== undefined) return { ok: true, value: ownerForm() };
    if (iq.getChild("query", NS_DISCO_INFO) === undefined || iq.getChild("query", NS_DISCO_ITEMS) !== undefined)
      return { ok: false, error: { kind: "stanza-error", condition: "feature-not-implemented" } };
    this.asked += 1;
    const { says, name } = this;
    if (says === "timed-out") return { ok: false, error: { kind: "timed-out" } };
    if ("refused" in says) return { ok: false, error: { kind: "stanza-error", condition: says.refused } };
    const identity = { category: "conference", type: "text", ...(name !== undefined && { name }) };
    const info = buildInfo({ identities: [identity], features: says, forms: [] });
    return { ok: true, value: xml("iq", { type: "result" }, info) };
  }
}

function ownerForm(): Element {
  const field = (name: string) => xml("field", { var: `muc#roomconfig_${name}` });
  const fields = ["roomname", "membersonly", "whois"].map(field);
  const form = xml("x", { xmlns: "jabber:x:data", type: "form" }, ...fields);
  return xml("iq", { type: "result" }, xml("query", { xmlns: NS_MUC_OWNER }, form));
}

/** Somebody is there: we ourselves, unless told otherwise. */
export function here(nick: string, jid: BareJid = ME): RoomEvent {
  const occupant = { nick, jid, affiliation: "member", role: "participant" } as const;
  return { kind: "room-here", room: ROOM, occupant, self: jid === ME, created: false };
}
