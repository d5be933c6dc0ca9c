/** Being in a room and talking there, by a browser without keys. */
import assert from "node:assert/strict";
import type { MessageEntry } from "../../worker/contract/entries.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { type Room, told } from "./conference.ts";
import { messagesOf, RECOVERY_MS } from "./people.ts";

/** Asks the object to enter, under this nickname. */
export function join(browser: ScriptedBrowser, room: Room, nick: string) {
  return browser.call("room", { jid: room.jid, action: "join", nick });
}

/** Enters, and waits until the room has said so. */
export async function enter(browser: ScriptedBrowser, room: Room, nick: string): Promise<void> {
  const reply = await join(browser, room, nick);
  assert.ok(reply.ok, JSON.stringify(reply));
  await told(browser, room, (info) => info.state === "joined");
}

/** What a browser holds of a room, in the order of the conversation. */
export function said(browser: ScriptedBrowser, room: Room): readonly MessageEntry[] {
  return messagesOf(browser)
    .filter(({ chat }) => chat === room.jid)
    .toSorted((one, other) => one.position - other.position);
}

/** What of it is clear text. */
export function texts(browser: ScriptedBrowser, room: Room): readonly string[] {
  return said(browser, room).flatMap(({ content }) => (content.kind === "clear" ? [content.text] : []));
}

/** Waits until the browser has this text of the room. */
export function hears(browser: ScriptedBrowser, room: Room, text: string): Promise<unknown> {
  return browser.until(() => texts(browser, room).includes(text), RECOVERY_MS);
}
