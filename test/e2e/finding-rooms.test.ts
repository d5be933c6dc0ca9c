/** Rooms that are found, led to by a link, and shared by all apps of an account: another one is slixmpp on a phone. */
import assert from "node:assert/strict";
import { Conference, type Room, roomNamed } from "../account/conference.ts";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE } from "../stack.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "finding-rooms-e2e", endpoint: "starttls", accounts: [ALICE] });

const EXTENSIONS = `<extensions xmlns="urn:xmpp:bookmarks:1"><pinned xmlns="urn:example:pinned"/></extensions>`;
const PASSWORD = "caul dron";

let alice: Person;
let elsewhere: Person;
let phone: PythonPeer;
let brewing: Room;
let harbour: Room;
let library: Room;

async function bookmark(room: Room) {
  return (await phone.command("bookmarks")).bookmarks?.[room.jid];
}

/** Waits until the phone reads in its account what is so. */
async function phoneReads(room: Room, expected: Readonly<Record<string, string>>): Promise<void> {
  const look = async () => {
    const found = await bookmark(room);
    return found !== undefined && Object.entries(expected).every(([key, value]) => found[key] === value);
  };
  await until(`the phone reads ${room.name} ${JSON.stringify(expected)}`, look, {
    describe: async () => JSON.stringify((await phone.command("bookmarks")).bookmarks),
  });
}

const conference = (attributes: string, inner = "") =>
  `<conference xmlns="urn:xmpp:bookmarks:1" ${attributes}>${inner}</conference>`;

async function looksForRooms(who: Person): Promise<void> {
  await who.press("New chat");
  await who.press("Join a room…");
}

story.test(
  "alice finds a room on the list of her server by a part of its name, and enters with one press",
  async () => {
    const service = new Conference(story.stack);
    brewing = await service.create("brewing", { name: "Brewing", listed: "1" });
    library = await service.create("library", { name: "The library", listed: "1" });
    harbour = await service.create("harbour", { name: "Harbour", password: PASSWORD, listed: "1" });
    await service.create("board", { name: "The board", members_only: "1", listed: "1" });
    alice = await story.signedIn(ALICE, { called: "alice" });
    phone = await story.peer(ALICE, { resource: "phone", withoutOmemo: true });
    await looksForRooms(alice);
    await alice.reads(/Harbour.*Asks for a password/s);
    await alice.reads(/The board.*Members only/s);
    await alice.fill("Name, address or link", "brew");
    await until("alice sees what fits alone", async () => !/Harbour/.test(await alice.words()));
    await alice.reads(/Brewing.*0 people · Open to everybody/s);
    await alice.press("Join Brewing");
    await alice.seesTitle("Brewing");
  },
);

story.test("the room is there in her other browser and in the phone's list", async () => {
  await phoneReads(brewing, { autojoin: "true", nick: "alice" });
  elsewhere = await story.signedIn(ALICE, { called: "alice in B" });
  await elsewhere.seesChat(brewing.jid, { relation: "contact" });
});

story.test(
  "a room that the phone enters comes by itself, in both browsers; one that it only keeps is offered",
  async () => {
    const payload = conference(`name="Books" autojoin="true"`, `<nick>reader</nick>${EXTENSIONS}`);
    await phone.command("bookmark", { to: library.jid, xml: payload });
    await phone.command("bookmark", { to: harbour.jid, xml: conference(`name="The old harbour"`) });
    for (const who of [alice, elsewhere]) await who.seesChat(library.jid, { relation: "contact" });
    await alice.openChat("The library");
    await alice.reads(/1 person/);
    await alice.send("somebody here?");
    await alice.isMarked("somebody here?", "sent");
    await looksForRooms(elsewhere);
    await elsewhere.reads(/Rooms you have saved.*The old harbour/s);
    await elsewhere.press("Close");
  },
);

story.test(
  "a room that the phone leaves is left; when alice enters it again the phone's own words in it are kept",
  async () => {
    const payload = conference(`name="Books" autojoin="false"`, `<nick>reader</nick>${EXTENSIONS}`);
    await phone.command("bookmark", { to: library.jid, xml: payload });
    await alice.reads(/You are no longer in this room/);
    await alice.press("Join again");
    await phoneReads(library, { autojoin: "true", name: "Books", nick: "reader" });
    assert.match((await bookmark(library))?.["rest"] ?? "", /urn:example:pinned/);
  },
);

story.test("a link to a room is asked about before it is entered, and brings the password along", async () => {
  await alice.openChat(brewing.name);
  await alice.send(`down at xmpp:${harbour.jid}?join;password=${encodeURIComponent(PASSWORD)} tonight`);
  await alice.clicks(`a[href^="xmpp:harbour"]`);
  await alice.reads(/leads into the room harbour@conference\.localhost/);
  assert.deepEqual(
    (await alice.chats()).some(({ jid }) => jid === harbour.jid),
    false,
    "nobody has been told yet",
  );
  await alice.press("Join room");
  await alice.seesTitle("Harbour");
  await phoneReads(harbour, { autojoin: "true", name: "The old harbour", password: PASSWORD });
});

story.test("a link to a room that is not there makes none", async () => {
  const nowhere = roomNamed("nowhere");
  await alice.openChat(brewing.name);
  await alice.send(`or xmpp:${nowhere.jid}?join`);
  await alice.clicks(`a[href^="xmpp:nowhere"]`);
  await alice.press("Join room");
  await alice.reads(/There is no such room/);
  await alice.press("Cancel");
  assert.equal(await bookmark(nowhere), undefined);
});

story.test("the room's own link can be copied from its page", async () => {
  await alice.press("More");
  await alice.press("Members");
  await alice.press("Link to this room…");
  await alice.reads(/Anybody who has this link can come in/);
  const link = await alice.page.$eval(".link-words", (field) => (field as HTMLTextAreaElement).value);
  assert.equal(link, `xmpp:${brewing.jid}?join`);
  await alice.press("Close");
  await alice.press("Back");
});

story.test("whoever leaves here leaves for the phone too, and is offered to come back or to forget", async () => {
  await alice.press("More");
  await alice.press("Leave the room…");
  await alice.press("Leave room");
  await phoneReads(brewing, { autojoin: "false" });
  await looksForRooms(alice);
  await alice.reads(/Rooms you have saved.*Brewing/s);
  await alice.press("Forget Brewing");
  await until("the phone reads that it is gone", async () => (await bookmark(brewing)) === undefined);
});
