/** A room on the scripted network: everybody there hears what is said, everybody who belongs to it is named. */
import type { SendArguments } from "../../../worker/contract/calls.ts";
import type { MessageContent, MessageEntry } from "../../../worker/contract/entries.ts";
import type { Failure, Result } from "../../../worker/contract/failures.ts";
import type { ServerFrame } from "../../../worker/contract/frames.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Affiliation, Occupant, RoomInfo, RoomMember } from "../../../worker/contract/rooms.ts";

/** What a room needs of the objects of those who are in it. */
type Network = {
  readonly rooms: Map<BareJid, ScriptedRoom>;
  object(jid: BareJid): {
    append(entry: {
      readonly kind: "room";
      readonly jid: BareJid;
      readonly nick: string;
      readonly joined: boolean;
    }): unknown;
    deliver(
      message: Pick<MessageEntry, "chat" | "sender" | "content" | "occupant" | "originId" | "replaces" | "reply">,
    ): unknown;
    tell(frame: ServerFrame): void;
  };
};

/** A room of the network's conference service: who belongs to it and who is there, by address. */
export class ScriptedRoom {
  readonly jid: BareJid;
  readonly members = new Map<BareJid, RoomMember["affiliation"]>();
  readonly here = new Map<BareJid, string>();
  closed = true;
  subject: string | undefined;
  /** Authors stay unknown, as in what the room repeats of its past. */
  anonymous = false;
  /** It is entered before its service has made it: nobody can say yet what it is and who belongs to it. */
  unmade = false;
  /** Its list of members is for admins alone (XEP-0045 §9.5). */
  listForAdmins = false;
  /** What it calls itself. */
  name: string | undefined;
  /** What it asks for before it lets anybody in. */
  password: string | undefined;
  /** Those who were put out of its members. */
  removed: readonly BareJid[] = [];
  /** How often somebody has asked who belongs to it. */
  asked = 0;
  /** Done while the answer to that is under way. */
  meanwhile: (() => void) | undefined;
  readonly #network: Network;

  constructor(network: Network, jid: BareJid) {
    this.#network = network;
    this.jid = jid;
    network.rooms.set(jid, this);
  }

  info(to: BareJid): RoomInfo {
    const all = [...this.here].map(([jid, nick]): Occupant => {
      const affiliation = this.members.get(jid) ?? "none";
      return { nick, jid, affiliation, role: "participant" };
    });
    const own = all.filter(({ jid }) => jid === to);
    const state = own.length > 0 ? "joined" : "left";
    const occupants = own.length > 0 ? [...own, ...all.filter(({ jid }) => jid !== to)] : [];
    const { jid, subject, name } = this;
    const kind = this.unmade ? {} : { closed: this.closed };
    const { removed } = this;
    return { jid, state, ...kind, ...(name && { name }), ...(subject && { subject }), occupants, removed };
  }

  /** Everybody there hears how it is now. */
  tell(): void {
    for (const jid of this.here.keys()) this.#network.object(jid).tell({ type: "rooms", rooms: [this.info(jid)] });
  }

  join(jid: BareJid, nick: string, password?: string): Result<{ readonly done: true }> {
    if (password !== this.password) return refusedAs(password === undefined ? "password needed" : "wrong password");
    if (this.members.size === 0) this.members.set(jid, "owner");
    if (this.closed && !this.members.has(jid)) return refusedAs("members-only");
    this.here.set(jid, nick);
    this.#network.object(jid).append({ kind: "room", jid: this.jid, nick, joined: true });
    this.tell();
    return { ok: true, value: { done: true } };
  }

  leave(jid: BareJid, nick: string): void {
    this.here.delete(jid);
    const object = this.#network.object(jid);
    object.append({ kind: "room", jid: this.jid, nick, joined: false });
    object.tell({ type: "rooms", rooms: [this.info(jid)] });
    this.tell();
  }

  /** Who belongs to it. */
  list(by: BareJid): Result<{ readonly members: readonly RoomMember[] }> {
    this.asked += 1;
    if (this.listForAdmins && this.members.get(by) === "member") return refusedAs("forbidden");
    if (this.unmade) return refusedAs("not-acceptable");
    const members = [...this.members].map(([jid, affiliation]): RoomMember => ({ jid, affiliation }));
    this.meanwhile?.();
    this.meanwhile = undefined;
    return { ok: true, value: { members } };
  }

  rename(by: BareJid, name: string): Result<{ readonly done: true }> {
    if (this.members.get(by) !== "owner") return refusedAs("not allowed");
    this.name = name;
    this.tell();
    return { ok: true, value: { done: true } };
  }

  affiliate(by: BareJid, jid: BareJid, affiliation: Affiliation): Result<{ readonly done: true }> {
    if (this.members.get(by) === "member") return refusedAs("not allowed");
    if (affiliation === "none" || affiliation === "outcast") {
      this.members.delete(jid);
      this.here.delete(jid);
      this.removed = [...this.removed, jid];
    } else this.members.set(jid, affiliation);
    this.tell();
    return { ok: true, value: { done: true } };
  }

  invite(by: BareJid, jid: BareJid): Result<{ readonly done: true }> {
    this.members.set(jid, this.members.get(jid) ?? "member");
    const info: RoomInfo = { jid: this.jid, state: "left", invitedBy: by, occupants: [] };
    this.#network.object(jid).tell({ type: "rooms", rooms: [info] });
    this.tell();
    return { ok: true, value: { done: true } };
  }

  say(from: BareJid, args: SendArguments): void {
    const nick = this.here.get(from) ?? "?";
    for (const jid of this.here.keys()) {
      if (jid === from) continue;
      this.#network.object(jid).deliver({
        chat: this.jid,
        sender: this.anonymous ? this.jid : from,
        occupant: { nick },
        originId: args.client,
        ...(args.replaces !== undefined && { replaces: args.replaces }),
        ...(args.reply && { reply: args.reply }),
        ...(args.act && { act: args.act }),
        content: contentOf(args),
      });
    }
  }
}

export function refusedAs(detail: string): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error: { kind: "peer-refused", detail } };
}

export function contentOf(args: SendArguments): MessageContent {
  return args.content.kind === "clear" ? { kind: "clear", text: args.content.text } : args.content;
}
