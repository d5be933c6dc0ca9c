/** Looking for rooms: those of a service, page by page, what is known of each, and those that the account remembers. */
import { batch, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Failure } from "../../worker/contract/failures.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { RoomDetails, SavedRoom } from "../../worker/contract/rooms.ts";
import { drop } from "../../worker/shared/drop.ts";
import { localOf, parseBareJid, peerOf } from "../../worker/shared/jid.ts";
import type { ConnectedEngine } from "../engine/protocol/engine.ts";
import { folded } from "../words/folded.ts";
import { ledBy } from "./room-link.ts";

/** Rooms of one service; whoever has more is looked through by words. */
export const FOUND_MAX = 2_000;
/** A service that searches is asked when somebody has stopped typing. */
const TYPED_MS = 400;

export type Finding =
  | { readonly state: "looking" }
  | { readonly state: "failed"; readonly failure: Failure }
  /** `more`: there are further ones. `searches`: words are looked for by the service, not here. */
  | {
      readonly state: "here";
      readonly service: string;
      readonly searches: boolean;
      readonly rooms: readonly RoomDetails[];
      readonly more: boolean;
    };

/** What is typed into the field: part of a name, a room's whole address or its link, or a service to look on. */
export type Typed =
  | { readonly kind: "words"; readonly words: string }
  | { readonly kind: "room"; readonly jid: BareJid; readonly password?: string }
  | { readonly kind: "service"; readonly service: string };

export class RoomFinder {
  readonly #engine: Pick<ConnectedEngine, "ask">;
  readonly #finding = signal<Finding>({ state: "looking" });
  readonly #details = signal<ReadonlyMap<BareJid, RoomDetails>>(new Map());
  readonly #saved = signal<{ readonly rooms: readonly SavedRoom[]; readonly kept: boolean }>({ rooms: [], kept: true });
  readonly #asked = new Set<BareJid>();
  #service: string | undefined;
  #words = "";
  #next: string | undefined;
  /** Which look is under way: an answer to one before counts for nothing. */
  #look = 0;
  #loading = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(engine: Pick<ConnectedEngine, "ask">) {
    this.#engine = engine;
  }

  get finding(): ReadonlySignal<Finding> {
    return this.#finding;
  }

  /** What rooms have said of themselves. */
  get details(): ReadonlySignal<ReadonlyMap<BareJid, RoomDetails>> {
    return this.#details;
  }

  /** What the account remembers; an object that does not know of it says that there is nothing. */
  get saved(): ReadonlySignal<{ readonly rooms: readonly SavedRoom[]; readonly kept: boolean }> {
    return this.#saved;
  }

  async loadSaved(): Promise<void> {
    const answer = await this.#engine.ask({ call: "savedRooms", about: {} });
    if (answer.ok) this.#saved.value = answer.value;
  }

  /** Takes a room off what is remembered. */
  async forget(jid: BareJid): Promise<Failure | undefined> {
    const answer = await this.#engine.ask({ call: "forgetRoom", about: { jid } });
    if (!answer.ok) return answer.error;
    const { rooms, kept } = this.#saved.peek();
    this.#saved.value = { rooms: rooms.filter((room) => room.jid !== jid), kept };
    return undefined;
  }

  /** On that service, or the own server's. */
  async look(service?: string): Promise<void> {
    this.#service = service;
    await this.#begin();
  }

  /** What is typed: a service that searches is asked in a moment. */
  type(words: string): void {
    const finding = this.#finding.peek();
    const searches = finding.state === "here" && finding.searches;
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!searches || words.trim() === this.#words) return;
    this.#timer = setTimeout(() => {
      this.#words = words.trim();
      drop(this.#begin());
    }, TYPED_MS);
  }

  /** Nobody looks any more. */
  end(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#look += 1;
  }

  /** The next page, where there is one. */
  async more(): Promise<void> {
    const { value: finding } = this.#finding;
    if (this.#loading || finding.state !== "here" || this.#next === undefined) return;
    this.#loading = true;
    const look = this.#look;
    const answer = await this.#page(this.#next);
    if (look !== this.#look) return;
    this.#loading = false;
    // What is here stays, and the rest can be asked for again.
    if (!answer.ok) return;
    const known = new Set(finding.rooms.map(({ jid }) => jid));
    const rooms = [...finding.rooms, ...answer.value.rooms.filter(({ jid }) => !known.has(jid))];
    this.#put({ ...answer.value, rooms });
  }

  /** Asks these what they are, each once; rooms that were told whole are not asked. */
  describe(rooms: readonly RoomDetails[]): void {
    const finding = this.#finding.peek();
    if (finding.state === "here" && finding.searches) return;
    const jids = rooms.map(({ jid }) => jid).filter((jid) => !this.#asked.has(jid));
    for (const jid of jids) this.#asked.add(jid);
    for (let at = 0; at < jids.length; at += LIMITS.roomsAsked) drop(this.#ask(jids.slice(at, at + LIMITS.roomsAsked)));
  }

  async #ask(jids: readonly BareJid[]): Promise<void> {
    const answer = await this.#engine.ask({ call: "aboutRooms", about: { jids } });
    if (!answer.ok) {
      for (const jid of jids) this.#asked.delete(jid);
      return;
    }
    this.#details.value = new Map([
      ...this.#details.peek(),
      ...answer.value.rooms.map((room) => [room.jid, room] as const),
    ]);
  }

  async #begin(): Promise<void> {
    this.#look += 1;
    const look = this.#look;
    this.#loading = false;
    this.#next = undefined;
    this.#finding.value = { state: "looking" };
    const answer = await this.#page();
    if (look !== this.#look) return;
    if (!answer.ok) this.#finding.value = { state: "failed", failure: answer.error };
    else this.#put(answer.value);
  }

  #page(after?: string) {
    return this.#engine.ask({
      call: "findRooms",
      about: {
        ...(this.#service !== undefined && { service: this.#service }),
        ...(this.#words !== "" && { text: this.#words }),
        ...(after !== undefined && { after }),
      },
    });
  }

  #put({
    service,
    searches,
    rooms,
    next,
  }: {
    readonly service: string;
    readonly searches: boolean;
    readonly rooms: readonly RoomDetails[];
    readonly next?: string;
  }): void {
    this.#next = rooms.length < FOUND_MAX ? next : undefined;
    batch(() => {
      this.#finding.value = { state: "here", service, searches, rooms, more: this.#next !== undefined };
    });
  }
}

/** What somebody means: an address with an @ is a room, one word with a dot in it may be a service. */
export function typedOf(text: string): Typed {
  const words = text.trim();
  const led = ledBy(words);
  if (led?.room === true) return { kind: "room", jid: led.jid, ...(led.password && { password: led.password }) };
  const jid = words.includes("@") ? parseBareJid(words) : undefined;
  if (jid !== undefined) return { kind: "room", jid };
  const service = /^[^\s@/]+\.[^\s@/.]+$/u.test(words) ? peerOf(words) : undefined;
  return service === undefined ? { kind: "words", words } : { kind: "service", service };
}

/** Rooms with these words in what they are called, where they are or what they say they are about; none: all. */
export function matchingRooms(
  rooms: readonly RoomDetails[],
  details: ReadonlyMap<BareJid, RoomDetails>,
  words: string,
): readonly RoomDetails[] {
  const wanted = folded(words.trim());
  if (wanted === "") return rooms;
  return rooms.filter(({ jid, ...listed }) => {
    const { name = listed.name, description = listed.description } = details.get(jid) ?? {};
    return folded([name, localOf(jid), description].join("\n")).includes(wanted);
  });
}
