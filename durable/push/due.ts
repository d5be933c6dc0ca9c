/** Whether anybody is to be rung for what an account has heard: what of its log rings, and who asks it into a room. */
import type { BareJid, BrowserId, Seq, Time } from "../../worker/contract/names.ts";
import type { Invited } from "../../worker/contract/push.ts";
import type { Entry } from "../../worker/contract/entries.ts";
import type { PushTargetRow } from "../store/push-targets.ts";
import type { Stores } from "../store/stores.ts";
import { type About, rings, ringsInvited } from "./rings.ts";

/** Entries that are looked at after a reset: what lies before is rung for by nobody. */
const LOOKED_BACK = 200;
/** More people who ask at once are told of by the list. */
const INVITED_MAX = 5;

export class Due {
  readonly #stores: Stores;
  /** Who has asked since this object woke, and the browsers that a push has told of it: no entry of the log tells of that. */
  readonly #invited = new Map<BareJid, Set<BrowserId>>();

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  /** Somebody asks the account into a room. */
  invited(room: BareJid): void {
    this.#invited.set(room, new Set());
  }

  /** Whether anything rings at that browser that it does not know. */
  isAny(target: PushTargetRow): boolean {
    return this.after(this.toldTo(target)) || this.invitations(target).length > 0;
  }

  /** Those that were not answered, and that it was not told of. */
  invitations({ browser }: Pick<PushTargetRow, "browser">): readonly Invited[] {
    const { invitations } = this.#stores.rooms;
    const untold = [...this.#invited].filter(([, told]) => !told.has(browser)).map(([room]) => room);
    const standing = untold.flatMap((room) => invitations.get(room) ?? []);
    return standing
      .filter(({ room, by }) => ringsInvited(this.#about(by), this.#about(room)))
      .slice(-INVITED_MAX)
      .map(({ room, by }) => ({ room, by }));
  }

  /** The service of that browser has taken a push that tells of them. */
  told({ browser }: Pick<PushTargetRow, "browser">, invited: readonly Invited[]): void {
    for (const { room } of invited) this.#invited.get(room)?.add(browser);
  }

  /** Whether any entry behind that one rings; what lies too far back does not. */
  after(seq: Seq): boolean {
    const { log } = this.#stores;
    let from = Math.max(seq, log.head - LOOKED_BACK) as Seq;
    while (from < log.head) {
      const { entries } = log.page(from, LOOKED_BACK);
      if (entries.some((entry) => this.#rings(entry))) return true;
      from = entries.at(-1)?.seq ?? log.head;
    }
    return false;
  }

  /** What the browser knows, by a push or by its socket, of which `pushed` hears nothing. */
  toldTo({ browser, pushed }: PushTargetRow): Seq {
    return Math.max(pushed, this.#stores.browsers.acked(browser)) as Seq;
  }

  #rings(entry: Entry): boolean {
    const chat = entry.kind === "message" ? entry.chat : entry.kind === "contact" ? entry.jid : undefined;
    return chat !== undefined && rings(entry, this.#about(chat));
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
