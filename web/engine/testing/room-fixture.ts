/** A fixture with one private room that alice owns. */
import assert from "node:assert/strict";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { ChatSummary } from "../protocol/conversations.ts";
import { type TestBrowser, until } from "./browser.ts";
import { ALICE, BOB, Fixture } from "./fixture.ts";
import { ScriptedRoom } from "./scripted-room.ts";

export const ROOM = "ridge@conference.a.example" as BareJid;

export class RoomFixture extends Fixture {
  readonly room = new ScriptedRoom(this.network, ROOM);

  constructor() {
    super();
    this.room.members.set(ALICE, "owner");
  }

  /** Somebody becomes a member, unless they are one, and joins. */
  async enters(who: TestBrowser, jid: BareJid): Promise<void> {
    this.room.members.set(jid, this.room.members.get(jid) ?? "member");
    const answer = await who.engine.room({ address: ROOM, action: "join" });
    assert.deepEqual(answer, { ok: true, value: { chat: ROOM } });
    await until(() => roomOf(who)?.room?.state === "joined");
  }

  /** Everybody in the room is told how it is now, and somebody has heard it: they see the subject that it got with that. */
  async tells(who: TestBrowser): Promise<void> {
    const subject = crypto.randomUUID();
    this.room.subject = subject;
    this.room.tell();
    await until(() => roomOf(who)?.room?.subject === subject);
  }
}

/** The same; alice and bob are signed in, nobody is in the room yet. */
export async function roomForTwo(): Promise<{
  readonly fixture: RoomFixture;
  readonly room: ScriptedRoom;
  readonly alice: TestBrowser;
  readonly bob: TestBrowser;
}> {
  const fixture = new RoomFixture();
  const alice = await fixture.browser(ALICE);
  const bob = await fixture.browser(BOB);
  return { fixture, room: fixture.room, alice, bob };
}

/** The row of the room in somebody's list. */
export function roomOf(who: TestBrowser): ChatSummary | undefined {
  return who.engine.snapshot().chats.find(({ jid }) => jid === ROOM);
}

/** What became of a text that somebody has sent to the room. */
export async function stateOf(who: TestBrowser, text: string) {
  return (await who.items(ROOM)).find(({ body }) => body.kind === "text" && body.text === text)?.state;
}
