/**
 * A private room that its people run: alice in two browsers, bob in one, carol with another app, dave with a client that
 * writes what it likes. What one of them does, all of them see.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Conference, roomNamed } from "../account/conference.ts";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import { PlainClient } from "../xmpp-server/plain-client.ts";
import { choose } from "./message-acts.ts";
import type { Person } from "./person.ts";
import { png } from "./png.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const CAROL = { name: "carol", password: "crescent" } as const;
const DAVE = { name: "dave", password: "driftwood" } as const;
const story = Story.stage({ name: "running-a-room", endpoint: "starttls", accounts: [ALICE, BOB, CAROL, DAVE] });
const room = roomNamed("ridge-walks");
const NAME = "Ridge walks";

let a: Person;
let b: Person;
let bob: Person;
let carol: PythonPeer;
let dave: PlainClient;

const everybody = () => [a, b, bob];
const MUC_ADMIN = "http://jabber.org/protocol/muc#admin";
const MUC_USER = "http://jabber.org/protocol/muc#user";

/** What alice does is told to her, in both her browsers, and to everybody else by her name. */
async function linesSayOfAlice(did: string): Promise<void> {
  await linesSay(new RegExp(`You ${did}`), [a, b]);
  await linesSay(new RegExp(`alice ${did}`), [bob]);
}

async function linesSay(pattern: RegExp, whom: readonly Person[] = everybody()): Promise<void> {
  for (const who of whom)
    await until(
      `${who.called} sees a quiet line ${pattern}`,
      async () => (await who.quietLines()).some((line) => pattern.test(line)),
      { describe: () => who.quietLines() },
    );
}

/** The page of the room, with everybody in it. */
async function opensRoom(who: Person): Promise<void> {
  await who.press("More");
  await who.clicks(`::-p-aria(Members[role="button"])`);
  await who.reads(/Members of/);
}

/** The page of somebody in the room, and what is done about them there. */
async function acts(who: Person, nick: string, act: string, confirm: string, reason?: string): Promise<void> {
  await opensRoom(who);
  await who.press(nick);
  await who.press(act);
  if (reason !== undefined) await who.fill("Reason (optional, everybody sees it)", reason);
  await who.press(confirm);
  await until(`${who.called} has done it`, () =>
    who.page.evaluate(() => document.querySelector("dialog[open]") === null),
  );
  await who.press("Back");
  await who.press("Back");
}

/** Devices for which the message of this id was encrypted, as everybody in the room is sent it. */
async function readersOf(text: string, sent: () => Promise<void>): Promise<readonly string[]> {
  const encrypted = () => dave.received.filter((one) => one.includes("<encrypted") && one.includes("groupchat"));
  // What everybody else has seen may still be on its way to this one: behind an answer of the server's there is nothing before.
  const id = `before ${text}`;
  dave.send(`<iq xmlns='jabber:client' to='${room.jid}/dave' type='get' id='${id}'><ping xmlns='urn:xmpp:ping'/></iq>`);
  await until("all before has come", () => dave.received.some((one) => one.includes(id)));
  const before = encrypted().length;
  await sent();
  const stanza = await until(`the stanza of “${text}” has come`, () => encrypted()[before]);
  return [...stanza.matchAll(/rid=['"](\d+)['"]/g)].map(([, id]) => id ?? "");
}

/** How wide the picture of the room in somebody's list is; undefined where its initial stands. */
const pictureIn = (who: Person) =>
  who.page.evaluate((jid) => {
    const drawn = document.querySelector<HTMLImageElement>(`[role=option][data-jid="${jid}"] .avatar-picture`);
    return drawn === null || !drawn.complete ? undefined : drawn.naturalWidth;
  }, room.jid);

story.test("alice makes a room with a name, a picture and its people, in one step", async () => {
  [a, bob, carol] = await Promise.all([
    story.signedIn(ALICE, { called: "alice in A" }),
    story.signedIn(BOB, { called: "bob" }),
    story.peer(CAROL),
  ]);
  b = await story.signedIn(ALICE, { called: "alice in B" });
  const folder = await mkdtemp(join(tmpdir(), "alcove-room-picture-"));
  const file = join(folder, "ridge.png");
  await writeFile(file, png(300, 90));
  await a.press("New chat");
  await a.press("New private room…");
  await a.fill("Name", NAME);
  await a.reads(/Choose a picture/);
  const input = await a.page.waitForSelector("dialog input[type=file]");
  assert.ok(input);
  await (input as unknown as { uploadFile(path: string): Promise<void> }).uploadFile(file);
  await a.reads(/Another picture/);
  for (const name of ["bob", "carol", "dave"]) {
    await a.fill("Add people (optional)", `${name}@localhost`);
    await until(`${name} is suggested`, () =>
      a.page.evaluate(() => document.querySelector("dialog [role=option]") !== null),
    );
    await a.page.keyboard.press("ArrowDown");
    await a.page.keyboard.press("Enter");
    await until(`${name} is chosen`, () =>
      a.page.evaluate((jid) => document.querySelector(`.chip[data-jid="${jid}"]`) !== null, `${name}@localhost`),
    );
  }
  await a.press("Create room");
  await a.seesTitle(NAME);
  await a.reads(/4 people/);
  await rm(folder, { recursive: true });
  await carol.command("join", { to: room.jid, text: "carol" });
  dave = await PlainClient.signIn(story.stack.xmpp.endpoints.ws, DAVE.name, DAVE.password);
  dave.send("<presence xmlns='jabber:client'/>");
  dave.send(
    `<presence xmlns='jabber:client' to='${room.jid}/dave'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
  );
  await bob.seesChat(room.jid, { relation: "request" });
  await bob.openChat(room.name);
  await bob.press("Accept");
  await b.seesChat(room.jid, { relation: "contact" });
  await b.openChat(NAME);
  for (const who of everybody()) {
    await who.reads(/4 people/);
    await until(`${who.called} sees the picture of the room`, async () => (await pictureIn(who)) === 256);
  }
});

story.test("she says what it is about: everybody reads it, and who has set it", async () => {
  await opensRoom(a);
  await a.press("Room settings");
  await a.press("Set a topic…");
  await a.fill("Topic", "Saturdays at nine, by the old mill");
  await a.press("Save topic");
  await a.reads(/Topic set by alice/);
  await a.press("Back");
  await linesSayOfAlice("set the topic: Saturdays at nine, by the old mill");
  for (const who of everybody()) await who.reads(/Saturdays at nine/);
  await opensRoom(bob);
  await bob.reads(/Topic set by alice/);
  assert.doesNotMatch(
    await bob.words(),
    /Room settings|Change the topic|Delete the room|Password…/,
    "a member is offered none of it",
  );
  await bob.press("Back");
  const line = (await bob.chats()).find(({ jid }) => jid === room.jid);
  assert.ok(line);
});

story.test("bob becomes an admin; a member whom he bans reads nothing from the next message on", async () => {
  await a.send("before anybody is banned");
  await carol.reads("before anybody is banned");
  await acts(a, "bob", "Make an admin…", "Make an admin");
  await linesSay(/You made bob an admin/, [a, b]);
  await linesSay(/alice made you an admin/, [bob]);
  const id = String(carol.device);
  const before = await readersOf("carol can read", () => a.send("carol can read"));
  assert.ok(before.includes(id), "carol's device is among those that it is encrypted for");
  await acts(bob, "carol", "Ban…", "Ban", "advertising");
  await linesSay(/bob banned carol\. The reason: advertising/, [a, b]);
  await linesSay(/You banned carol\. The reason: advertising/, [bob]);
  for (const who of [a, bob]) {
    const text = `without carol, by ${who.called}`;
    const after = await readersOf(text, () => who.send(text));
    assert.ok(after.length > 0 && !after.includes(id), `no key of carol's: ${after.join()}`);
    for (const reader of everybody()) await reader.sees(text);
  }
  assert.equal(
    carol.texts().some((text) => text.startsWith("without carol")),
    false,
  );
});

story.test("the list of the banned lets her in again; added anew she gets keys", async () => {
  await opensRoom(bob);
  await bob.press("Room settings");
  await bob.press("Banned people…");
  await bob.reads(/Carol\s*Unban/);
  await bob.press("Unban");
  await bob.reads(/Nobody is banned/);
  await bob.press("Close");
  await bob.press("Add a member…");
  await bob.fill("Address", "carol@localhost");
  await bob.press("Add member");
  await bob.press("Back");
  await linesSay(/Carol is a member now/i);
  await carol.command("join", { to: room.jid, text: "carol" });
  const readers = await readersOf("carol is back", () => bob.send("carol is back"));
  assert.ok(readers.includes(String(carol.device)));
  await carol.reads("carol is back");
});

story.test("another app's owner does the same: what carol does there is seen here at once", async () => {
  await acts(a, "carol", "Make an owner…", "Make an owner");
  await linesSayOfAlice("made carol an owner");
  await carol.command("iq", {
    to: room.jid,
    xml: `<query xmlns='${MUC_ADMIN}'><item affiliation='member' jid='bob@localhost'><reason>for now</reason></item></query>`,
  });
  await linesSay(/carol made bob a member\. The reason: for now/, [a, b]);
  await linesSay(/carol made you a member\. The reason: for now/, [bob]);
  await opensRoom(bob);
  await bob.press("carol");
  await bob.reads(/In Ridge walks/);
  assert.doesNotMatch(await bob.words(), /Ban…|Remove from the room/, "a member again, bob decides about nobody");
  await bob.press("Back");
  await bob.press("Back");
  await carol.command("iq", { to: room.jid, xml: "<vCard xmlns='vcard-temp'/>" });
  for (const who of everybody())
    await until(`${who.called} sees no picture any more`, async () => (await pictureIn(who)) === undefined);
});

story.test("somebody who is no moderator changes nothing, whatever they write", async () => {
  const lines = await Promise.all(everybody().map((who) => who.quietLines()));
  const texts = await Promise.all(everybody().map((who) => who.texts()));
  const archived = await until("the archive's id of a message is known", async () =>
    dave.received.map((one) => one.match(/<stanza-id[^>]* id=['"]([^'"]+)['"]/)?.[1]).find(Boolean),
  );
  const forged = `<x xmlns='${MUC_USER}'><item affiliation='outcast' role='none' jid='bob@localhost'><actor nick='alice'/></item><status code='301'/><status code='110'/></x>`;
  const moderated = `<retract xmlns='urn:xmpp:message-retract:1' id='${archived}'><moderated xmlns='urn:xmpp:message-moderate:1' by='${room.jid}/alice'/></retract>`;
  const old = `<apply-to xmlns='urn:xmpp:fasten:0' id='${archived}'><moderated xmlns='urn:xmpp:message-moderate:0' by='${room.jid}/alice'><retract xmlns='urn:xmpp:message-retract:0'/></moderated></apply-to>`;
  const group = (inside: string) =>
    dave.send(`<message xmlns='jabber:client' to='${room.jid}' type='groupchat'>${inside}</message>`);
  const iq = (id: string, inside: string) =>
    dave.send(`<iq xmlns='jabber:client' to='${room.jid}' type='set' id='${id}'>${inside}</iq>`);
  for (const inside of [forged, moderated, old]) group(inside);
  group(`<subject>owned by dave</subject>`);
  for (const to of ["alice", "bob"])
    dave.send(`<message xmlns='jabber:client' to='${room.jid}/${to}' type='chat'>${forged}${moderated}</message>`);
  dave.send(
    `<presence xmlns='jabber:client' to='${room.jid}/dave'><x xmlns='${MUC_USER}'><destroy jid='evil@conference.localhost'/><item affiliation='owner' role='moderator'/></x></presence>`,
  );
  iq("f1", `<query xmlns='${MUC_ADMIN}'><item affiliation='outcast' jid='bob@localhost'/></query>`);
  iq("f2", `<query xmlns='${MUC_ADMIN}'><item role='none' nick='bob'/></query>`);
  iq("f3", "<query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query>");
  iq(
    "f4",
    `<moderate xmlns='urn:xmpp:message-moderate:1' id='${archived}'><retract xmlns='urn:xmpp:message-retract:1'/></moderate>`,
  );
  for (const id of ["f1", "f2", "f3", "f4"])
    await until(`the room has refused ${id}`, async () =>
      dave.received.some((one) => one.includes(`id='${id}'`) && one.includes("error")),
    );
  await a.send("still here");
  for (const [n, who] of everybody().entries()) {
    await who.sees("still here");
    assert.deepEqual(await who.quietLines(), lines[n], `${who.called} has no new line`);
    assert.deepEqual((await who.texts()).slice(0, texts[n]?.length), texts[n], "and misses no message");
  }
});

story.test("a moderator takes somebody's message away for everybody, and says why", async () => {
  dave.send(
    `<message xmlns='jabber:client' to='${room.jid}' type='groupchat' id='ad'><body>buy ropes here</body></message>`,
  );
  for (const who of everybody()) await who.sees("buy ropes here");
  await choose(a, "buy ropes here", "Remove for everyone…");
  await a.fill("Reason (optional, everybody sees it)", "no adverts");
  await a.press("Remove");
  for (const who of everybody()) {
    await who.reads(/A moderator removed this message/);
    await until(`${who.called} is shown it no more`, async () => !(await who.texts()).includes("buy ropes here"));
  }
  await a.send("of my own");
  await bob.sees("of my own");
  await bob.page.evaluate(() => undefined);
});

story.test("a password is asked of whoever comes in, not of those who are there", async () => {
  const enters = async (id: string, password: string) => {
    const before = dave.received.length;
    dave.send(`<presence xmlns='jabber:client' to='${room.jid}/dave' type='unavailable'/>`);
    dave.send(
      `<presence xmlns='jabber:client' to='${room.jid}/dave' id='${id}'><x xmlns='http://jabber.org/protocol/muc'>${password}</x></presence>`,
    );
    return until(`the room has answered ${id}`, async () => {
      const answers = dave.received.slice(before);
      if (answers.some((one) => one.includes("not-authorized"))) return "refused";
      const in_ = answers.some(
        (one) => one.startsWith("<presence") && one.includes("110") && !one.includes("unavailable"),
      );
      return in_ ? "in" : undefined;
    });
  };
  await opensRoom(a);
  await a.press("Room settings");
  await a.press("Password…");
  await a.fill("Password of the room", "open sesame");
  await a.press("Set password");
  await a.reads(/Whoever joins is asked for it/);
  await b.reads(/4 people/);
  assert.equal(await enters("p1", ""), "refused");
  assert.equal(await enters("p2", "<password>open sesame</password>"), "in");
  await a.clicks("main ::-p-text(Password…)");
  await a.press("Remove password");
  await until("it asks for none", async () => !/Whoever joins is asked/.test(await a.words()));
  assert.equal(await enters("p3", ""), "in");
  await a.press("Back");
});

story.test("the only owner is told so before leaving", async () => {
  await acts(a, "carol", "Make a regular member…", "Make a member");
  await linesSayOfAlice("made carol a member");
  await a.press("More");
  await a.press("Leave the room…");
  await a.reads(/You are its only owner/);
  await a.press("Choose another owner");
  await a.reads(/Members of Ridge walks/);
  await a.press("alice");
  await a.press("Step down as owner…");
  await a.press("Step down");
  await a.reads(/Somebody has to own this room/);
  await a.press("Cancel");
  await a.press("Back");
});

story.test("a room that is closed says why, and where everybody has gone", async () => {
  const other = await new Conference(story.stack).create("valley-walks", { name: "Valley walks" });
  await opensRoom(a);
  await a.press("Room settings");
  await a.press("Delete the room…");
  await a.fill("Reason (optional, everybody sees it)", "the ridge is closed");
  await a.fill("Another room to go to (optional)", other.jid);
  await a.press("Delete room");
  for (const who of everybody()) {
    await who.reads(/This room was deleted/);
    await who.reads(/The reason: the ridge is closed/);
    assert.doesNotMatch(await who.words(), /Join again/, "it would be another room of that name");
  }
  await bob.press(`Go to ${other.jid}`);
  await bob.seesTitle("Valley walks");
  assert.deepEqual(await new Conference(story.stack).occupants(other), ["bob"]);
});
