/** A private room of three people: made, joined, written in, read everywhere, and never in clear by itself. */
import assert from "node:assert/strict";
import { Conference, roomNamed } from "../account/conference.ts";
import { ALICE, BOB } from "../stack.ts";
import { filesBelow, findTexts } from "./canaries.ts";
import { edits, replies, seesAs } from "./message-acts.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";

const CAROL = { name: "carol", password: "crescent" } as const;
/** Has an account and no app that could encrypt. */
const DAVE = { name: "dave", password: "driftwood" } as const;
const accounts = [ALICE, BOB, CAROL, DAVE];
const story = Story.stage({ name: "rooms-e2e", endpoint: "starttls", accounts });

const room = roomNamed("ridge-walks");
const ROOM_CHAT = "Ridge walks";

let alice: Person;
let bob: Person;
let carol: Person;
let bobElsewhere: Person;
const written: string[] = [];

/** A text nobody else could have written. */
function say(words: string): string {
  const text = `canary${written.length}x ${words}`;
  written.push(text);
  return text;
}

async function adds(who: Person, address: string): Promise<void> {
  await who.press("More");
  await who.press("Members");
  await who.press("Add a member…");
  await who.fill("Address", address);
  await who.press("Add member");
  await who.reads(new RegExp(address));
  await who.press("Back");
}

async function accepts(who: Person): Promise<void> {
  await who.seesChat(room.jid, { relation: "request" });
  // What it calls itself it tells whoever is in it.
  await who.openChat(room.name);
  await who.reads(/Alice invites you to a room/);
  await who.press("Accept");
}

story.test("alice makes a room; alone in it there is nobody to write to", async () => {
  [alice, bob, carol] = await Promise.all([
    story.signedIn(ALICE, { called: "alice" }),
    story.signedIn(BOB, { called: "bob" }),
    story.signedIn(CAROL, { called: "carol" }),
  ]);
  await alice.press("New chat");
  await alice.press("New private room…");
  await alice.fill("Name", "Ridge walks");
  await alice.press("Create room");
  await alice.isEncryption("unavailable");
  await alice.reads(/Nobody else can read in Ridge walks yet/);
  assert.equal(await alice.hasField("Message"), false);
});

story.test("alice adds bob and carol, who accept", async () => {
  await adds(alice, "bob@localhost");
  await adds(alice, "carol@localhost");
  await accepts(bob);
  await accepts(carol);
  for (const who of [alice, bob, carol]) {
    await who.isEncryption("ready", "on");
    await who.reads(/3 people/);
  }
});

story.test("all three write and all three read, encrypted and with the author's name", async () => {
  for (const who of [alice, bob, carol, alice]) {
    const text = say(`from ${who.called}`);
    await who.send(text);
    for (const reader of [alice, bob, carol]) {
      const shown = await reader.sees(text);
      assert.deepEqual([shown.own, shown.encrypted], [reader === who, true]);
    }
    await who.isMarked(text, "sent");
  }
  await Promise.all([alice, bob, carol].map((who) => who.seesInOrder(written)));
  await carol.reads(/\balice\b/);
});

story.test("a name above a message, and one that is called in a text, lead to the page of who that is", async () => {
  const back = async () => {
    await alice.press("Back");
    await alice.seesTitle(ROOM_CHAT);
  };
  await alice.clicks(".author-name ::-p-text(carol)");
  await alice.reads(/carol@localhost/);
  await back();
  const text = say("ask @Bob for the rope");
  await carol.send(text);
  await alice.sees(text);
  await alice.clicks(`.words a[href="xmpp:bob@localhost"]`);
  await alice.reads(/bob@localhost/);
  await back();
  // By keyboard alone, too.
  await alice.page.focus(`.words a[href="xmpp:bob@localhost"]`);
  await alice.page.keyboard.press("Enter");
  await alice.reads(/bob@localhost/);
  await back();
});

story.test("U3, B4: the room is called what it was called when it was made, and is renamed for everybody", async () => {
  for (const who of [alice, bob, carol]) await who.seesTitle("Ridge walks");
  const renames = async (to: string) => {
    await alice.press("More");
    await alice.press("Members");
    await alice.press("Room settings");
    await alice.press("Rename the room…");
    await alice.fill("Name", to);
    await alice.press("Rename");
    await alice.press("Back");
  };
  await bob.press("More");
  await bob.press("Members");
  await bob.reads(/Your name here/);
  assert.doesNotMatch(await bob.words(), /Room settings/, "it is not bob's");
  await bob.press("Back");
  await renames("Ridge & valley");
  for (const who of [alice, bob, carol]) await who.seesTitle("Ridge & valley");
  await carol.reload();
  await carol.seesTitle("Ridge & valley");
  await renames("Ridge walks");
  for (const who of [alice, bob, carol]) await who.seesTitle("Ridge walks");
});

story.test("bob's second browser reads what is written from now on", async () => {
  bobElsewhere = await story.signedIn(BOB, { called: "bob in B" });
  await bobElsewhere.seesChat(room.jid, { relation: "contact" });
  await bobElsewhere.openChat(ROOM_CHAT);
  const text = say("for everybody of you");
  await alice.send(text);
  for (const reader of [bob, carol, bobElsewhere]) await reader.sees(text);
  const answer = say("from the other browser");
  await bobElsewhere.send(answer);
  for (const reader of [alice, carol]) assert.equal((await reader.sees(answer)).own, false);
});

story.test("an answer and a change stand in everybody's browser, with the name of whom was answered", async () => {
  const question = say("who brings the rope?");
  await carol.send(question);
  await bob.sees(question);
  await carol.isMarked(question, "sent");
  const answer = say("I di");
  await replies(bob, question, answer);
  const better = say("I do");
  await bob.isMarked(answer, "sent");
  await edits(bob, answer, better);
  for (const reader of [alice, bob, carol, bobElsewhere])
    await seesAs(reader, better, { edited: true, quote: question, encrypted: true });
  for (const reader of [alice, bob, carol]) assert.equal((await reader.texts()).includes(answer), false);
  assert.match((await alice.words()).replace(/\s+/g, " "), new RegExp(`carol ${question.replace("?", ".")}`));
});

story.test("a member without OMEMO joins: encryption does not switch itself off, and the member is named", async () => {
  await adds(alice, "dave@localhost");
  await alice.reads(/Nothing can be encrypted for Dave yet/);
  await alice.isEncryption("on");
  const text = say("though dave is here");
  await alice.send(text);
  for (const reader of [bob, carol, bobElsewhere]) assert.equal((await reader.sees(text)).encrypted, true);
});

story.test("a room that is no longer private takes nothing, says so, and goes on when it is again", async () => {
  const conference = new Conference(story.stack);
  await conference.set(room, { members_only: "0" });
  for (const who of [alice, carol]) {
    await who.isEncryption("blocked");
    await who.reads(/is no longer private/);
    assert.equal(await who.hasField("Message"), false, "there is nowhere to write");
  }
  await conference.set(room, { members_only: "1" });
  await alice.isEncryption("on");
  const text = say("private again");
  await alice.send(text);
  assert.equal((await carol.sees(text)).encrypted, true);
});

story.test("whoever leaves gets nothing any more; a room that lets nobody in says why", async () => {
  await carol.press("More");
  await carol.press("Leave the room…");
  await carol.press("Leave room");
  await carol.reads(/You are no longer in this room/);
  await new Conference(story.stack).affiliate(room, "carol@localhost" as never, "none");
  await carol.press("Join again");
  await carol.reads(/This room is for members only/);
  const text = say("without carol");
  await alice.send(text);
  await bob.sees(text);
  assert.equal((await carol.texts()).includes(text), false);
});

story.test("neither the server's archive nor the objects hold a word of what was written", async () => {
  const [objects, server] = await Promise.all([story.stack.objectDatabases(), filesBelow(story.stack.xmpp.state)]);
  assert.ok(objects.length > 0 && server.length > 0);
  const canaries = written.map((text) => text.split(" ")[0] ?? text);
  assert.deepEqual(await findTexts([...objects, ...server], canaries), []);
  // The search itself can find: the room's address is known to both.
  assert.notDeepEqual(await findTexts(objects, [room.jid]), []);
});
