/**
 * What sort of room each is: asked when it is entered and whenever it says that it has changed, and again, less and less
 * often, while it does not say. Until it has, nothing goes there in clear.
 */
import type { BareJid } from "../../worker/contract/names.ts";
import { drop } from "../../worker/shared/drop.ts";
import type { Stores } from "../store/stores.ts";
import type { RoomLink } from "./administration.ts";
import { askRoom, type RoomAnswer } from "./kind.ts";

const AGAIN_FIRST_MS = 2_000;
const AGAIN_LAST_MS = 5 * 60_000;

type Asking = {
  /** How often the room has said that it changed: an answer to an older question counts for nothing. */
  readonly change: number;
  readonly tries: number;
  readonly timer?: ReturnType<typeof setTimeout>;
};

const NEVER: Asking = { change: 0, tries: 0 };

export class RoomKinds {
  readonly #stores: Stores;
  readonly #link: Pick<RoomLink, "live" | "request">;
  readonly #told: (room: BareJid, before: string | undefined) => void;
  readonly #asking = new Map<BareJid, Asking>();

  /** `told`: the room has said what it is; `before`: what it called itself until then. */
  constructor(
    stores: Stores,
    link: Pick<RoomLink, "live" | "request">,
    told: (room: BareJid, before: string | undefined) => void,
  ) {
    this.#stores = stores;
    this.#link = link;
    this.#told = told;
  }

  /** Asks now. Where it does not say it is asked again by itself, but for a room that is not there yet. */
  async ask(room: BareJid): Promise<RoomAnswer["kind"]> {
    this.#clear(room);
    const { change } = this.#of(room);
    const answer = await askRoom(this.#link, room);
    const { kind } = answer;
    if (kind === "lost") return kind;
    if (this.#of(room).change !== change) return this.ask(room);
    if (kind === "told") {
      this.#asking.set(room, { change, tries: 0 });
      const before = this.#stores.rooms.get(room)?.name;
      this.#stores.turn(() => this.#stores.rooms.announced(room, answer.announced));
      this.#told(room, before);
    } else if (kind === "unknown" || this.#stores.rooms.get(room)?.state === "joined") this.again(room);
    return kind;
  }

  /** It has not said what it is: asked again after a while. */
  again(room: BareJid): void {
    this.#clear(room);
    const { change, tries } = this.#of(room);
    const wait = Math.min(AGAIN_LAST_MS, AGAIN_FIRST_MS * 2 ** tries);
    const next = setTimeout(() => this.#askIfHere(room), wait);
    this.#asking.set(room, { change, tries: tries + 1, timer: next });
  }

  /** It says that it has changed: what was known of it counts no more. Inside a turn. */
  changed(room: BareJid): void {
    const known = this.#of(room);
    this.#asking.set(room, { ...known, change: known.change + 1, tries: 0 });
    this.#stores.rooms.doubted(room);
    // The answer belongs to a turn of its own; this one may still be rolled back.
    drop(Promise.resolve().then(() => this.#askIfHere(room)));
  }

  /** We are not there any more, or the stream has ended. */
  stop(room: BareJid): void {
    this.#clear(room);
    this.#asking.delete(room);
  }

  lost(): void {
    for (const room of [...this.#asking.keys()]) this.stop(room);
  }

  #askIfHere(room: BareJid): void {
    if (this.#link.live && this.#stores.rooms.get(room)?.wanted) drop(this.ask(room));
  }

  #clear(room: BareJid): void {
    const { timer } = this.#of(room);
    if (timer !== undefined) clearTimeout(timer);
  }

  #of(room: BareJid): Asking {
    return this.#asking.get(room) ?? NEVER;
  }
}
