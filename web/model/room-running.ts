/** What a person does to run a room. A failure is for the dialog that asked. */
import type { NewPicture } from "../../worker/contract/calls.ts";
import type { Failure } from "../../worker/contract/failures.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { parseBareJid } from "../../worker/shared/jid.ts";
import type { MessageItem, RoomPerson, RoomView } from "../engine/protocol/conversations.ts";
import type { App } from "./app.ts";
import { enterRoom, loadRoom } from "./room-actions.ts";
import { callOf, type RoomAct } from "./room-powers.ts";
import { settle } from "./asking.ts";

/**
 * Makes a room, adds these people and goes there. Whoever could not be added is asked about again, one after the other,
 * when the room stands: it is there by then.
 */
export async function makeRoom(
  app: App,
  address: string,
  {
    name,
    members,
    picture,
  }: { readonly name: string; readonly members: readonly BareJid[]; readonly picture?: NewPicture | undefined },
): Promise<Failure | undefined> {
  const failure = await enterRoom(app, address, { name });
  const room = app.openChat.peek();
  if (failure !== undefined || room === undefined) return failure;
  if (picture !== undefined) {
    const shown = await app.engine.ask({ call: "setRoomPicture", about: { jid: room, picture } });
    if (!shown.ok) app.dialog.value = { kind: "room-picture", room, tried: shown.error };
  }
  for (const member of members) {
    const added = await app.engine.invite({ room, address: member });
    if (!added.ok && app.dialog.peek() === undefined)
      app.dialog.value = { kind: "invite", room, tried: { address: member, failure: added.error } };
  }
  return undefined;
}

const reasonOf = (words: string) => {
  const reason = words.trim().slice(0, LIMITS.reasonLength);
  return reason === "" ? {} : { reason };
};

/** Says what somebody is or may do in a room; what they were told is `reason`. */
export async function actInRoom(
  app: App,
  room: BareJid,
  act: RoomAct,
  person: Pick<RoomPerson, "jid" | "nick">,
  reason: string,
): Promise<Failure | undefined> {
  const asked = callOf(act, room, person, reasonOf(reason).reason);
  if (asked === undefined) return { kind: "not-found" };
  const failure = await settle(app, app.engine.ask(asked));
  if (failure === undefined) await loadRoom(app, room);
  return failure;
}

/** Says what a room is about; empty: nothing any more. */
export function setTopic(app: App, room: BareJid, words: string): Promise<Failure | undefined> {
  const subject = words.trim().slice(0, LIMITS.subjectLength);
  return settle(app, app.engine.ask({ call: "setSubject", about: { jid: room, subject } }));
}

/** Asks whoever enters for this from now on. */
export async function setRoomPassword(app: App, room: BareJid, typed: string): Promise<Failure | undefined> {
  const password = typed.slice(0, LIMITS.roomNameLength);
  if (password === "") return { kind: "malformed", detail: "no password" };
  return settle(app, app.engine.ask({ call: "setRoomPassword", about: { jid: room, password } }));
}

/** Closes a room for everybody; the conversation stays. */
export async function destroyRoom(
  app: App,
  room: BareJid,
  { reason, instead }: { readonly reason: string; readonly instead: string },
): Promise<Failure | undefined> {
  const address = instead.trim();
  const other = address === "" ? undefined : parseBareJid(address);
  if (address !== "" && other === undefined) return { kind: "address-invalid" };
  const about = { jid: room, ...reasonOf(reason), ...(other && { instead: other }) };
  const failure = await settle(app, app.engine.ask({ call: "destroyRoom", about }));
  if (failure === undefined) app.go({ screen: "chats", chat: room });
  return failure;
}

/** Takes somebody else's message out of everybody's sight. */
export async function moderate(app: App, item: MessageItem, reason: string): Promise<Failure | undefined> {
  if (item.id === undefined) return { kind: "not-found", detail: "no such message" };
  const about = { chat: item.chat, message: item.id, ...reasonOf(reason) };
  return settle(app, app.engine.ask({ call: "moderate", about }));
}

/** The only owner of a room, who is ourselves, leaves nobody who could run it. */
export function ownsAlone({ people }: RoomView): boolean {
  const owners = people.filter(({ affiliation }) => affiliation === "owner");
  return owners.length === 1 && owners[0]?.self === true;
}
