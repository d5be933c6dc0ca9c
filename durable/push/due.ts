/** Whether anybody is to be rung for what an account has heard: what of its log rings, and who asks it into a room. */
import type { BareJid, BrowserId, Seq, Time } from "../../worker/contract/names.ts";
import type { Invited } from "../../worker/contract/push.ts";
import type { Entry } from "../../worker/contract/entries.ts";
import type { PushTargetRow } from "../store/push-targets.ts";
import type { Stores } from "../store/stores.ts";
import { type About, isStranger, NEWS_MS, rings, ringsInvited } from "./rings.ts";

/** Entries that are looked at after a reset: what lies before is rung for by nobody. */
const LOOKED_BACK = 200;
/** More people who ask at once are told of by the list. */
const INVITED_MAX = 5;
/** Rooms of which it is remembered who was told: as many invitations as are kept (`store/invitations.ts`). */
const REMEMBERED = 20;

/** Who is to be rung for: anybody whom the account knows, or strangers alone. */
export type Ringer = "known" | "stranger";

/** `told`: the browsers that a push has told of it, for no entry of the log does. */
type Asked = { readonly at: Time; readonly told: Set<BrowserId> };

export class Due {
  readonly #stores: Stores;
  /** Who has asked since this object woke, oldest first. */
  readonly #invited = new Map<BareJid, Asked>();

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  /** Somebody asks the account into a room. */
  invited(room: BareJid): void {
    const now = Date.now() as Time;
    const { invitations } = this.#stores.rooms;
    this.#invited.delete(room);
    for (const [asked, { at }] of this.#invited)
      if (at <= now - NEWS_MS || this.#invited.size >= REMEMBERED || invitations.get(asked) === undefined)
        this.#invited.delete(asked);
    this.#invited.set(room, { at: now, told: new Set() });
  }

  /** How many are remembered. */
  get asked(): number {
    return this.#invited.size;
  }

  /** By whom anything rings at that browser that it does not know; undefined: nothing does. */
  ringer(target: PushTargetRow): Ringer | undefined {
    const told = this.after(this.toldTo(target));
    if (told === "known") return told;
    const invited = this.invitations(target);
    if (invited.some(({ by }) => !isStranger(this.#about(by)))) return "known";
    return invited.length > 0 ? "stranger" : told;
  }

  /** Those that were not answered, and that it was not told of. */
  invitations({ browser }: Pick<PushTargetRow, "browser">): readonly Invited[] {
    const { invitations } = this.#stores.rooms;
    const since = Date.now() - NEWS_MS;
    const untold = [...this.#invited].flatMap(([room, { at, told }]) => (at > since && !told.has(browser) ? room : []));
    const standing = untold.flatMap((room) => invitations.get(room) ?? []);
    // Those of people who are known last: of too many the last ones are told.
    return standing
      .filter(({ room, by }) => ringsInvited(this.#about(by), this.#about(room)))
      .toSorted((a, b) => Number(!isStranger(this.#about(a.by))) - Number(!isStranger(this.#about(b.by))))
      .slice(-INVITED_MAX)
      .map(({ room, by }) => ({ room, by }));
  }

  /** The service of that browser has taken a push that tells of them. */
  told({ browser }: Pick<PushTargetRow, "browser">, invited: readonly Invited[]): void {
    for (const { room } of invited) this.#invited.get(room)?.told.add(browser);
  }

  /** By whom any entry behind that one rings; what lies too far back does not. */
  after(seq: Seq): Ringer | undefined {
    const { log } = this.#stores;
    let from = Math.max(seq, log.head - LOOKED_BACK) as Seq;
    let found: Ringer | undefined;
    while (from < log.head) {
      const { entries } = log.page(from, LOOKED_BACK);
      for (const entry of entries) {
        const ringer = this.#ringer(entry);
        if (ringer === "known") return ringer;
        found ??= ringer;
      }
      from = entries.at(-1)?.seq ?? log.head;
    }
    return found;
  }

  /** What the browser knows, by a push or by its socket, of which `pushed` hears nothing. */
  toldTo({ browser, pushed }: PushTargetRow): Seq {
    return Math.max(pushed, this.#stores.browsers.acked(browser)) as Seq;
  }

  #ringer(entry: Entry): Ringer | undefined {
    const chat = entry.kind === "message" ? entry.chat : entry.kind === "contact" ? entry.jid : undefined;
    const about = chat && this.#about(chat);
    if (about === undefined || !rings(entry, about)) return undefined;
    return isStranger(about) ? "stranger" : "known";
  }

  #about(chat: BareJid): About {
    const { meta, choices, contacts, conversations, rooms } = this.#stores;
    return {
      now: Date.now() as Time,
      account: meta.account,
      settings: choices.settings,
      choices: choices.of(chat),
      contact: contacts.get(chat),
      writtenTo: conversations.writtenTo(chat),
      nick: rooms.get(chat)?.nick,
      readTo: conversations.readTo(chat),
    };
  }
}
