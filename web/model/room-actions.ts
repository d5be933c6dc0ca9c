/** What a person does about a room. A failure is for the dialog or the banner that asked. */
import type { Failure } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { App } from "./app.ts";
import { asksForPassword } from "./room.ts";
import { settle } from "./asking.ts";

/** Asks who is in a room and who belongs to it, for as long as that is on screen. */
export async function loadRoom(app: App, room: BareJid): Promise<void> {
  const view = await app.engine.members({ room });
  const place = app.place.peek();
  const shown = place.screen === "members" ? place.of : place.screen === "person" ? place.room : undefined;
  if (shown === room) app.roomView.value = view;
}

/** How a room is entered: under which name, what it asks for, what one that is made by this is called. */
export type Entering = { readonly nick?: string; readonly password?: string; readonly name?: string };

/** Calls a room otherwise, for everybody in it. */
export async function renameRoom(app: App, room: BareJid, name: string): Promise<Failure | undefined> {
  const called = name.trim().slice(0, LIMITS.roomNameLength);
  if (called === "") return { kind: "malformed", detail: "no name" };
  return settle(app, app.engine.ask({ call: "renameRoom", about: { jid: room, name: called } }));
}

/** Enters a room, or makes it, and goes there. What is empty is not said. */
export async function enterRoom(app: App, address: string, entering: Entering = {}): Promise<Failure | undefined> {
  const said = Object.fromEntries(Object.entries(entering).flatMap(([key, value]) => (value ? [[key, value]] : [])));
  const answer = await app.engine.room({ address: address.trim(), action: "join", ...said });
  if (!answer.ok) return answer.error;
  app.dialog.value = undefined;
  app.endSearch();
  app.list.reset();
  app.go({ screen: "chats", chat: answer.value.chat });
  return undefined;
}

/** The same; where the room asks for a password, so does a dialog. */
export async function enterOrAsk(app: App, room: BareJid, entering: Entering = {}): Promise<Failure | undefined> {
  const failure = await enterRoom(app, room, entering);
  if (failure === undefined || !asksForPassword(failure)) return failure;
  app.dialog.value = { kind: "join-room", room, ...(entering.nick && { nick: entering.nick }) };
  return undefined;
}

/**
 * The same for a link that somebody has sent: a room that is not there is not made, for whoever presses a link does not mean
 * that. Where the room cannot be asked it is tried.
 */
export async function enterByLink(app: App, room: BareJid, entering: Entering): Promise<Failure | undefined> {
  const asked = await app.engine.ask({ call: "aboutRooms", about: { jids: [room] } });
  if (asked.ok && asked.value.rooms[0]?.missing) return { kind: "peer-refused", detail: "no such room" };
  const failure = await enterRoom(app, room, entering);
  if (failure === undefined || !asksForPassword(failure)) return failure;
  app.dialog.value = { kind: "join-room", room, ...(entering.nick && { nick: entering.nick }) };
  return undefined;
}

/** The invitation is gone, and the conversation with it. */
export async function declineRoom(app: App, room: BareJid): Promise<Failure | undefined> {
  const answer = await app.engine.room({ address: room, action: "decline" });
  if (!answer.ok) return answer.error;
  if (app.openChat.peek() === room) app.go({ screen: "chats" });
  return undefined;
}

/** Goes out of it, for all browsers of the account; the conversation stays. */
export function leaveRoom(app: App, room: BareJid): Promise<Failure | undefined> {
  return settle(app, app.engine.room({ address: room, action: "leave" }));
}

/** Makes somebody a member and tells them of the room. */
export function inviteTo(app: App, room: BareJid, address: string): Promise<Failure | undefined> {
  return settle(app, app.engine.invite({ room, address: address.trim() }));
}
