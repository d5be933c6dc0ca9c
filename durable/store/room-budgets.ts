/**
 * How much of what is said in a room is kept: an occupant may write as much as the room lets through, and what is in the log
 * stays (S8). So much at once and then so much a day, of each occupant and of each room, far above what people write; what
 * comes under our name has a budget of its own, and what we said from here is in the log before the room repeats it. What is over it stays in the room's archive alone; its place is marked, once an hour.
 */
import type { BareJid, Time } from "../../worker/contract/names.ts";
import { type Allowance, spend } from "./allowance.ts";
import type { Meta } from "./meta.ts";

/** In messages of a kilobyte: a longer one costs more. */
const OF_ONE: Allowance = { atOnce: 5_000, everyMs: 10_000 };
const OF_ROOM: Allowance = { atOnce: 20_000, everyMs: 5_000 };
const COSTS_ONE = 1_024;
const MARKED_AGAIN_MS = 60 * 60_000;
/** Occupants that are told apart, over all rooms. */
const REMEMBERED = 500;

/** Where something was said, and by whom; `own`: under our name. */
type Said = { readonly room: BareJid; readonly occupant: string; readonly own: boolean };

/** What may be spent before it is written down: a row for each message would cost as much as the message. */
const UNSAVED_MS = 100 * OF_ROOM.everyMs;

export class RoomBudgets {
  readonly #meta: Meta;
  readonly #occupants = new Map<string, Time>();
  readonly #marked = new Map<BareJid, Time>();
  #rooms: Map<string, Time> | undefined;

  constructor(meta: Meta) {
    this.#meta = meta;
  }

  /** Something of `length` characters that an occupant said: kept, left out with a marker in its place, or left out. Runs inside a turn. */
  take({ room, occupant, own }: Said, length: number, now: Time): "keep" | "mark" | "leave" {
    const cost = 1 + Math.floor(length / COSTS_ONE);
    const of = own ? `${room}\nown` : room;
    const key = `${of}\n${occupant}`;
    const rooms = this.#load();
    const [all, one] = [spend(rooms.get(of), now, OF_ROOM, cost), spend(this.#occupants.get(key), now, OF_ONE, cost)];
    if (all === undefined || one === undefined) return this.#mark(room, now);
    this.#occupants.delete(key);
    this.#occupants.set(key, one);
    const [oldest] = this.#occupants.keys();
    if (this.#occupants.size > REMEMBERED && oldest !== undefined) this.#occupants.delete(oldest);
    rooms.set(of, all);
    const saved = this.#meta.get("room-budgets")?.[of] ?? 0;
    if (all - Math.max(saved, now) >= UNSAVED_MS) this.#save(rooms, now);
    return "keep";
  }

  #mark(room: BareJid, now: Time): "mark" | "leave" {
    if (Math.abs(now - (this.#marked.get(room) ?? 0)) < MARKED_AGAIN_MS) return "leave";
    this.#marked.set(room, now);
    return "mark";
  }

  #load(): Map<string, Time> {
    this.#rooms ??= new Map(Object.entries(this.#meta.get("room-budgets") ?? {}));
    return this.#rooms;
  }

  /** Rooms that have their whole budget again need no memory. */
  #save(rooms: Map<string, Time>, now: Time): void {
    for (const [room, until] of rooms) if (until <= now) rooms.delete(room);
    this.#meta.set("room-budgets", Object.fromEntries(rooms));
  }
}
