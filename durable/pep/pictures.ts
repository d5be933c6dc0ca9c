/**
 * Pictures of others, passed on to the browser that wants to show one and kept nowhere here (XEP-0084 §4.2.2, XEP-0153). Only
 * those are fetched that a contact, a room of ours or somebody in it has named: a stranger can make nobody fetch anything.
 */
import type { Result } from "../../worker/contract/failures.ts";
import type { Base64, BareJid, PictureId } from "../../worker/contract/names.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import { failureOfRequest } from "../link/iq.ts";
import type { Stores } from "../store/stores.ts";
import { parsePicture, requestPicture } from "../xep/avatar.ts";
import { occupantAddress } from "../xep/muc.ts";
import { parseCardPhoto, requestCard } from "../xep/vcard.ts";

export type WantedPicture = { readonly jid: BareJid; readonly nick?: string; readonly id: PictureId };
type Fetched = Result<{ readonly data: Base64 }>;

/** On the stream at once: messages share it with them. */
const AT_ONCE = 3;
const WAITING_MAX = 100;
const WITHIN_MS = 20_000;
const NOT_FOUND: Fetched = { ok: false, error: { kind: "not-found" } };

export class Pictures {
  readonly #stores: Stores;
  readonly #link: Pick<CurrentLink, "request">;
  /** Browsers ask for the same one in the same moment. */
  readonly #underway = new Map<string, Promise<Fetched>>();
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(stores: Stores, link: Pick<CurrentLink, "request">) {
    this.#stores = stores;
    this.#link = link;
  }

  /** Fails with `offline`, `not-found`, `peer-refused`, `too-large`, `too-busy`. */
  async fetch(wanted: WantedPicture): Promise<Fetched> {
    const ask = this.#roadTo(wanted);
    if (ask === undefined) return NOT_FOUND;
    const key = `${wanted.jid} ${wanted.id} ${wanted.nick ?? ""}`;
    const before = this.#underway.get(key);
    if (before) return before;
    if (this.#waiting.length >= WAITING_MAX) return { ok: false, error: { kind: "too-busy" } };
    const fetching = this.#inTurn(ask).finally(() => this.#underway.delete(key));
    this.#underway.set(key, fetching);
    return fetching;
  }

  /** How a picture that somebody has named is asked for; undefined where nobody has. */
  #roadTo({ jid, nick, id }: WantedPicture): (() => Promise<Fetched>) | undefined {
    const { meta, contacts, rooms } = this.#stores;
    const room = rooms.get(jid);
    if (nick !== undefined) {
      const named = room && rooms.occupants.byNick(jid, nick)?.picture === id;
      const occupant = named ? occupantAddress(jid, nick) : undefined;
      return occupant === undefined ? undefined : () => this.#fromCard(occupant);
    }
    if (room) return room.picture === id ? () => this.#fromCard(jid) : undefined;
    const known = contacts.picture(jid);
    if (known?.id !== id) return undefined;
    return known.by === "presence"
      ? () => this.#fromCard(jid)
      : () => this.#fromNode(jid === meta.account ? undefined : jid, id);
  }

  async #fromNode(of: BareJid | undefined, id: PictureId): Promise<Fetched> {
    const answer = await this.#link.request(requestPicture(of, id), { timeoutMs: WITHIN_MS });
    if (!answer.ok) return { ok: false, error: failureOfRequest(answer.error) };
    const data = parsePicture(answer.value, id);
    return data === undefined ? NOT_FOUND : { ok: true, value: { data } };
  }

  async #fromCard(of: string): Promise<Fetched> {
    const answer = await this.#link.request(requestCard(of), { timeoutMs: WITHIN_MS });
    if (!answer.ok) return { ok: false, error: failureOfRequest(answer.error) };
    const data = parseCardPhoto(answer.value);
    return data === undefined ? NOT_FOUND : { ok: true, value: { data } };
  }

  async #inTurn(ask: () => Promise<Fetched>): Promise<Fetched> {
    if (this.#busy >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy += 1;
    try {
      return await ask();
    } finally {
      this.#busy -= 1;
      this.#waiting.shift()?.();
    }
  }
}
