/** What is said in a room between two alone: marked, answered, never sent in clear without a word about it. */
import assert from "node:assert/strict";
import { Conference, type Room, roomNamed } from "../account/conference.ts";
import { ALICE, BOB } from "../stack.ts";
import { PlainClient } from "../xmpp-server/plain-client.ts";
import { choose } from "./message-acts.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "whispers", endpoint: "starttls", accounts: [ALICE, BOB] });
const room: Room = roomNamed("market");
const USER = "<x xmlns='http://jabber.org/protocol/muc#user'/>";

let a: Person;
let b: Person;
let bob: PlainClient;

const bobWhispers = (text: string) =>
  bob.send(
    `<message xmlns='jabber:client' to='${room.jid}/alice' type='chat' id='${text}'><body>${text}</body>${USER}</message>`,
  );
const marks = (who: Person, text: string) =>
  who.page.evaluate((wanted) => {
    const words = [...document.querySelectorAll("ol[aria-label='Messages'] .words")];
    const row = words.find((each) => each.textContent === wanted)?.closest("li.message");
    return row?.querySelector(".whisper")?.textContent;
  }, text);
const isMarked = (who: Person, text: string, mark: string) =>
  until(`${who.called} sees “${text}” marked`, async () => (await marks(who, text)) === mark, {
    describe: () => marks(who, text),
  });

story.test("bob whispers to alice in an open room: both her browsers show it in the room, as what it is", async () => {
  await new Conference(story.stack).create(room.name, { members_only: "0", anonymous: "1" });
  a = await story.signedIn(ALICE, { called: "alice in A" });
  b = await story.signedIn(ALICE, { called: "alice in B" });
  await a.joinsRoom(room.jid);
  await a.isEncryption("open");
  await b.seesChat(room.jid, { relation: "contact" });
  await b.openChat(room.name);
  bob = await PlainClient.signIn(story.stack.xmpp.endpoints.ws, BOB.name, BOB.password);
  bob.send(
    `<presence xmlns='jabber:client' to='${room.jid}/bob'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
  );
  await bob.until("code='110'");
  bobWhispers("psst");
  for (const who of [a, b]) {
    await who.sees("psst");
    await isMarked(who, "psst", "To you alone, not encrypted");
    await who.seesChat(room.jid, { preview: "bob, only to you: psst" });
  }
  await story.looksAt(a);
});

story.test("she answers him alone, after reading who can read it; both browsers show to whom", async () => {
  await choose(a, "psst", "Reply privately…");
  await a.reads(/It is not encrypted/);
  await a.fill("Message to bob alone", "what is it?");
  await story.looksAt(a);
  await a.press("Send unencrypted");
  const heard = await bob.until("what is it?");
  assert.match(heard, /type='chat'/);
  for (const who of [a, b]) {
    await who.sees("what is it?");
    await isMarked(who, "what is it?", "To bob alone, not encrypted");
    await who.seesChat(room.jid, { preview: "You, only to bob: what is it?" });
  }
  await a.isMarked("what is it?", "sent");
});

story.test(
  "she whispers from the list of who is there; to somebody who has left it is not sent, and her words stay",
  async () => {
    await a.press("More");
    await a.clicks(`::-p-aria(Members[role="button"])`);
    await a.reads(/Members of/);
    await a.press("bob");
    await a.press("Whisper…");
    bob.send(`<presence xmlns='jabber:client' to='${room.jid}/bob' type='unavailable'/>`);
    await bob.until("type='unavailable'");
    await a.fill("Message to bob alone", "are you there?");
    await a.press("Send unencrypted");
    await a.reads(/They are no longer in the room/);
    const kept = await a.page.evaluate(() => document.querySelector<HTMLTextAreaElement>("dialog textarea")?.value);
    assert.equal(kept, "are you there?");
    await a.press("Cancel");
  },
);
