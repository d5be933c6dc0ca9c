/** Rooms of the test's conference service: what its administrator can do, and what a browser was told of a room. */
import type { BareJid } from "../../worker/contract/names.ts";
import type { RoomInfo } from "../../worker/contract/rooms.ts";
import { ONE_REQUEST } from "../one-request.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import type { Stack } from "../stack.ts";

const SERVICE = "conference.localhost";

export type Room = { readonly name: string; readonly jid: BareJid };
type Settings = {
  readonly members_only?: "0" | "1";
  readonly anonymous?: "0" | "1";
  readonly no_archive?: "1";
  readonly password?: string;
  readonly name?: string;
  /** On the service's list of rooms. */
  readonly listed?: "1";
};

export function roomNamed(name: string): Room {
  return { name, jid: `${name}@${SERVICE}` as BareJid };
}

/** The service's administrator, by `mod_alcove_rooms.lua`. */
export class Conference {
  readonly #url: string;

  constructor(stack: Stack) {
    this.#url = new URL("/rooms/", stack.xmpp.http).href;
  }

  async create(name: string, settings: Settings = {}): Promise<Room> {
    await this.#do("create", { room: name, ...settings });
    return roomNamed(name);
  }

  affiliate(room: Room, jid: BareJid, affiliation: "none" | "member" | "owner" | "outcast"): Promise<void> {
    return this.#do("affiliate", { room: room.name, jid, affiliation });
  }

  kick(room: Room, nick: string): Promise<void> {
    return this.#do("kick", { room: room.name, nick });
  }

  set(room: Room, settings: Settings): Promise<void> {
    return this.#do("set", { room: room.name, ...settings });
  }

  /** So many messages of somebody who is gone, from "1" on. */
  fill(room: Room, count: number): Promise<void> {
    return this.#do("fill", { room: room.name, count: String(count) });
  }

  /** Whoever comes in from now on is shown so many others. */
  crowd(room: Room, count: number): Promise<void> {
    return this.#do("crowd", { room: room.name, count: String(count) });
  }

  /** It does not say what it is (`remote-server-timeout`), or does again. */
  mute(room: Room, muted: boolean): Promise<void> {
    return this.#do("mute", { room: room.name, disco: muted ? "1" : "0" });
  }

  /** Its lists of members are for admins alone. */
  hide(room: Room): Promise<void> {
    return this.#do("hide", { room: room.name, members: "1" });
  }

  /** The server itself writes to somebody. */
  announce(jid: BareJid, text: string): Promise<void> {
    return this.#do("announce", { jid, text });
  }

  destroy(room: Room): Promise<void> {
    return this.#do("destroy", { room: room.name });
  }

  /** Nicknames there now, sorted. */
  async occupants(room: Room): Promise<readonly string[]> {
    const reply = await fetch(`${this.#url}occupants?room=${room.name}`, { headers: ONE_REQUEST });
    return (await reply.text()).split("\n").filter(Boolean);
  }

  async #do(what: string, query: Readonly<Record<string, string>>): Promise<void> {
    const reply = await fetch(`${this.#url}${what}?${new URLSearchParams(query)}`, {
      method: "POST",
      headers: ONE_REQUEST,
    });
    if (!reply.ok) throw new Error(`${what}: ${reply.status} ${await reply.text()}`);
  }
}

/** The room as this browser was told last. */
export function roomOf(browser: ScriptedBrowser, { jid }: Room): RoomInfo | undefined {
  for (const frame of browser.frames.toReversed()) {
    if (frame.type !== "hello" && frame.type !== "rooms") continue;
    const room = frame.rooms.find((candidate) => candidate.jid === jid);
    if (room) return room;
    if (frame.type === "hello") return undefined;
  }
  return undefined;
}

/** Waits until the browser is told that the room is so. */
export function told(browser: ScriptedBrowser, room: Room, is: (info: RoomInfo) => boolean): Promise<RoomInfo> {
  return browser.until(() => {
    const info = roomOf(browser, room);
    return info && is(info) ? info : undefined;
  });
}
