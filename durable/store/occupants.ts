/** Who is in the rooms, by nickname, and which of that browsers were not told yet. A resumed stream does not tell it again. */
import type { BareJid } from "../../worker/contract/names.ts";
import type { Occupant } from "../../worker/contract/rooms.ts";

/** Of a room with more people the rest is not kept: it still works, their addresses are not known. We ourselves always are. */
const OCCUPANTS_MAX = 20_000;

export class Occupants {
  readonly #sql: SqlStorage;
  /** How many are in each room: counting them for each that comes would cost the square of it. */
  readonly #counts = new Map<BareJid, number>();
  readonly #changed = new Map<BareJid, Set<string>>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Somebody is there, or is there with another role or affiliation. True where that is new. */
  put(room: BareJid, occupant: Occupant, self: boolean): boolean {
    const known = this.byNick(room, occupant.nick);
    const count = this.count(room);
    if (!known && !self && count >= OCCUPANTS_MAX) return false;
    const info = JSON.stringify(occupant);
    if (known && JSON.stringify(known) === info) return false;
    this.#sql.exec("insert or replace into occupants (room, nick, info) values (?, ?, ?)", room, occupant.nick, info);
    if (!known) this.#counts.set(room, count + 1);
    this.#note(room, occupant.nick);
    return true;
  }

  /** Somebody has gone or has another nickname. True where they were there. */
  remove(room: BareJid, nick: string): boolean {
    const count = this.count(room);
    const gone = this.#sql.exec("delete from occupants where room = ? and nick = ?", room, nick).rowsWritten > 0;
    if (gone) {
      this.#counts.set(room, count - 1);
      this.#note(room, nick);
    }
    return gone;
  }

  /** Nobody is known to be there. */
  clear(room: BareJid): void {
    this.#sql.exec("delete from occupants where room = ?", room);
    this.#counts.delete(room);
    this.#changed.delete(room);
  }

  /** A turn that was rolled back leaves it a little wrong until the room is entered anew: it is a limit, no more. */
  count(room: BareJid): number {
    const known = this.#counts.get(room);
    if (known !== undefined) return known;
    const { n } = this.#sql.exec<{ n: number }>("select count(*) as n from occupants where room = ?", room).one();
    this.#counts.set(room, n);
    return n;
  }

  /** Undefined where nobody has that nickname. */
  byNick(room: BareJid, nick: string): Occupant | undefined {
    return this.#one("select info from occupants where room = ? and nick = ?", room, nick);
  }

  /** By the room's id of them (XEP-0421). SQLite would read the whole room by its primary key. */
  byId(room: BareJid, id: string): Occupant | undefined {
    return this.#one(
      "select info from occupants indexed by occupants_by_id where json_extract(info, '$.id') = ? and room = ?",
      id,
      room,
    );
  }

  /** By nickname; the one of this nickname, which is ours, first. */
  all(room: BareJid, self: string): readonly Occupant[] {
    const all = this.#sql
      .exec<{ info: string }>("select info from occupants where room = ? order by nick", room)
      .toArray()
      .map(parse);
    return [...all.filter(({ nick }) => nick === self), ...all.filter(({ nick }) => nick !== self)];
  }

  /** Who has come or changed and who has gone since this was asked last. */
  changes(room: BareJid): { readonly here: readonly Occupant[]; readonly gone: readonly string[] } {
    const nicks = [...(this.#changed.get(room) ?? [])];
    this.#changed.delete(room);
    const here = nicks.flatMap((nick) => this.byNick(room, nick) ?? []);
    const present = new Set(here.map(({ nick }) => nick));
    return { here, gone: nicks.filter((nick) => !present.has(nick)) };
  }

  #one(query: string, ...bindings: readonly string[]): Occupant | undefined {
    const row = this.#sql.exec<{ info: string }>(query, ...bindings).toArray()[0];
    return row && parse(row);
  }

  #note(room: BareJid, nick: string): void {
    const changed = this.#changed.get(room) ?? new Set();
    this.#changed.set(room, changed.add(nick));
  }
}

function parse({ info }: { readonly info: string }): Occupant {
  return JSON.parse(info) as Occupant;
}
