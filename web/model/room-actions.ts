/** What a person does about a room. A failure is for the dialog or the banner that asked. */
import type { BareJid, Failure } from "../../worker/contract.ts";
import { domainOf } from "../../worker/shared/jid.ts";
import type { App } from "./app.ts";

/** Asks who is in a room and who belongs to it, for as long as that is on screen. */
export async function loadRoom(app: App, room: BareJid): Promise<void> {
  const view = await app.engine.members({ room });
  const place = app.place.peek();
  if (place.screen === "members" && place.of === room) app.roomView.value = view;
}

/** Where the account's server has rooms made: what it says, else where such a service usually is. */
export async function roomServiceOf(app: App, account: BareJid): Promise<string> {
  const answer = await app.engine.roomService({});
  return answer.ok ? answer.value.service : `conference.${domainOf(account)}`;
}

/** Enters a room, or makes it, and goes there. */
export async function enterRoom(app: App, address: string): Promise<Failure | undefined> {
  const answer = await app.engine.room({ address: address.trim(), action: "join" });
  if (!answer.ok) return answer.error;
  app.dialog.value = undefined;
  app.filter.value = "";
  app.go({ screen: "chats", chat: answer.value.chat });
  return undefined;
}

/** The invitation is gone, and the conversation with it. */
export async function declineRoom(app: App, room: BareJid): Promise<Failure | undefined> {
  const answer = await app.engine.room({ address: room, action: "decline" });
  if (!answer.ok) return answer.error;
  if (app.openChat.peek() === room) app.go({ screen: "chats" });
  return undefined;
}

export async function leaveRoom(app: App, room: BareJid): Promise<Failure | undefined> {
  const answer = await app.engine.room({ address: room, action: "leave" });
  if (!answer.ok) return answer.error;
  app.dialog.value = undefined;
  return undefined;
}

export async function inviteTo(app: App, room: BareJid, address: string): Promise<Failure | undefined> {
  const answer = await app.engine.invite({ room, address: address.trim() });
  if (!answer.ok) return answer.error;
  app.dialog.value = undefined;
  return undefined;
}
