/** What a room says of itself, and what it does not say: against a real Prosody with its conference service, in workerd. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { BareJid } from "../../worker/contract/names.ts";
import { newClient, type ScriptedBrowser } from "../scripted-browser.ts";
import { ALICE as ALICE_ACCOUNT, BOB as BOB_ACCOUNT, type Stack, startStack } from "../stack.ts";
import { PlainClient } from "../xmpp-server/plain-client.ts";
import { Conference, type Room, roomNamed, roomOf, told } from "./conference.ts";
import { ALICE, BOB, browserOf, comeBack, messagesOf, RECOVERY_MS, say } from "./people.ts";
import { enter, hears, said, texts } from "./room-talk.ts";

/** Nobody yet: a contact all the same, once another app says so. */
const CAROL = "carol@localhost" as BareJid;

let stack: Stack;
let conference: Conference;
before(async () => {
  stack = await startStack({ name: "room-kinds", endpoint: "starttls" });
  conference = new Conference(stack);
});
after(async () => stack?.stop());

const online = (browser: ScriptedBrowser) =>
  browser.until(() => browser.link?.state === "live" && browser.link.caughtUp, RECOVERY_MS);

/** Everybody in a large room as this browser was told. */
function everybody(browser: ScriptedBrowser, room: Room): ReadonlySet<string> {
  const nicks = new Set<string>();
  for (const frame of browser.frames) {
    if (frame.type !== "occupants" || frame.room !== room.jid) continue;
    if (frame.all) nicks.clear();
    for (const nick of frame.gone) nicks.delete(nick);
    for (const { nick } of frame.here) nicks.add(nick);
  }
  return nicks;
}

test("R3: a private room whose first answer is an error: nothing in clear leaves, then it says that it is private", async () => {
  const room = await conference.create("mute", { members_only: "1" });
  for (const jid of [ALICE, BOB]) await conference.affiliate(room, jid, "member");
  const bob = await browserOf(stack, BOB);
  await enter(bob, room, "Bob");
  await conference.mute(room, true);
  const alice = await browserOf(stack, ALICE);
  await enter(alice, room, "Alice");
  assert.equal(roomOf(alice, room)?.closed, undefined, "neither private nor open");
  // A page that took it for open would send this.
  const taken = await say(alice, room.jid, "in clear");
  assert.ok(taken.ok);
  await sleep(1_500);
  await conference.mute(room, false);
  await told(alice, room, ({ closed }) => closed === true);
  const failed = await alice.until(() =>
    alice.entries.find((entry) => entry.kind === "progress" && entry.state === "failed"),
  );
  assert.deepEqual(failed.kind === "progress" && failed.failure, { kind: "would-expose", detail: "now private" });
  await sleep(500);
  assert.deepEqual(texts(bob, room), [], "nothing has left");
  for (const browser of [alice, bob]) browser.detach();
});

test("R3: what waits in a room that does not say what it is leaves once it says that it is open, also after a reset", async () => {
  const room = await conference.create("slow-to-tell");
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await enter(bob, room, "Bob");
  await conference.mute(room, true);
  await enter(alice, room, "Alice");
  await say(alice, room.jid, "good morning");
  await sleep(500);
  const closed = alice.closed;
  await stack.resetObject(ALICE);
  await alice.until(() => alice.closed > closed);
  await comeBack(alice);
  await online(alice);
  await sleep(1_000);
  assert.deepEqual(texts(bob, room), []);
  await conference.mute(room, false);
  await hears(bob, room, "good morning");
  for (const browser of [alice, bob]) browser.detach();
});

test("R3: a room that closes while something waits gets nothing in clear", async () => {
  const room = await conference.create("closing");
  for (const jid of [ALICE, BOB]) await conference.affiliate(room, jid, "member");
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await enter(bob, room, "Bob");
  await enter(alice, room, "Alice");
  await told(alice, room, ({ closed }) => closed === false);
  await conference.mute(room, true);
  await conference.set(room, { members_only: "1" });
  await told(alice, room, ({ closed }) => closed === undefined);
  await say(alice, room.jid, "too late");
  await sleep(500);
  await conference.mute(room, false);
  await told(alice, room, ({ closed }) => closed === true);
  await sleep(500);
  assert.deepEqual(texts(bob, room), []);
  for (const browser of [alice, bob]) browser.detach();
});

test("R11: a list of members that is for admins alone is refused to members, and so told", async () => {
  const room = await conference.create("hidden", { members_only: "1" });
  await conference.affiliate(room, ALICE, "member");
  await conference.hide(room);
  const alice = await browserOf(stack, ALICE);
  await enter(alice, room, "Alice");
  const listed = await alice.call("members", { jid: room.jid });
  assert.deepEqual(!listed.ok && listed.error, { kind: "peer-refused", detail: "forbidden" });
  alice.detach();
});

test("R12: a room with a password: asked for, given, and given again by the object after a reset on a new stream", async () => {
  const room = await conference.create("locked", { password: "open sesame" });
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  const enterWith = (password?: string) =>
    alice.call("room", { jid: room.jid, action: "join", nick: "Alice", ...(password !== undefined && { password }) });
  const [without, wrong] = [await enterWith(), await enterWith("abracadabra")];
  assert.deepEqual(!without.ok && without.error.detail, "password needed");
  assert.deepEqual(!wrong.ok && wrong.error.detail, "wrong password");
  assert.equal(roomOf(alice, room), undefined);
  assert.ok((await enterWith("open sesame")).ok);
  const bobs = { jid: room.jid, action: "join", nick: "Bob", password: "open sesame" } as const;
  assert.ok((await bob.call("room", bobs)).ok);
  const closed = alice.closed;
  await stack.objectRows(ALICE, "delete from stream");
  await stack.resetObject(ALICE);
  await alice.until(() => alice.closed > closed);
  await comeBack(alice);
  await online(alice);
  await told(alice, room, ({ state }) => state === "joined");
  await say(alice, room.jid, "here again");
  await hears(bob, room, "here again");
  assert.equal(JSON.stringify(alice.frames).includes("sesame"), false);
  for (const browser of [alice, bob]) browser.detach();
});

test("R13: whispers come and go, are kept over a reset, and what is encrypted for nobody goes back", async () => {
  const room = await conference.create("whispers", { members_only: "0", anonymous: "1" });
  const alice = await browserOf(stack, ALICE);
  await enter(alice, room, "Alice");
  const bob = await PlainClient.signIn(stack.xmpp.endpoints.ws, BOB_ACCOUNT.name, BOB_ACCOUNT.password);
  bob.send(
    `<presence xmlns='jabber:client' to='${room.jid}/Bob'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
  );
  await bob.until("code='110'");
  const user = "<x xmlns='http://jabber.org/protocol/muc#user'/>";
  const whispers = (id: string, inside: string) =>
    bob.send(`<message xmlns='jabber:client' to='${room.jid}/Alice' type='chat' id='${id}'>${inside}${user}</message>`);
  whispers("psst", "<body>psst</body>");
  const heard = await alice.until(() => said(alice, room).find(({ whisper }) => whisper === "Bob"));
  assert.deepEqual([heard.content, heard.occupant?.nick], [{ kind: "clear", text: "psst" }, "Bob"]);
  const client = newClient();
  const answer = { room: room.jid, nick: "Bob", client, text: "what is it?", occupant: heard.occupant?.id };
  const sent = await alice.call("whisper", answer);
  assert.ok(sent.ok, JSON.stringify(sent));
  assert.match(await bob.until("what is it?"), /type='chat'/);
  await alice.until(() => alice.entries.find((entry) => entry.kind === "progress" && entry.state === "sent"));

  whispers("sealed", "<body>no</body><openpgp xmlns='urn:xmpp:openpgp:0'/>");
  const back = await bob.until("type='error'");
  assert.match(back, /id='sealed'/);
  assert.match(back, /not-acceptable/);
  await alice.until(() => said(alice, room).find(({ content }) => content.kind === "unreadable"));
  const refused = await alice.call("whisper", { ...answer, client: newClient(), nick: "Nobody", occupant: undefined });
  assert.deepEqual(refused, { ok: false, error: { kind: "peer-refused", detail: "not there" } });
  const before = said(alice, room).length;
  await stack.resetObject(ALICE);
  await comeBack(alice);
  await online(alice);
  await say(alice, room.jid, "still here");
  await hears(alice, room, "still here");
  assert.equal(said(alice, room).length, before + 1, "nothing is there twice");
  bob.close();
  alice.detach();
});

test("R15, P5: a room that we make is called as we say, one that has a name tells it", async () => {
  const named = await conference.create("named", { name: "Ridge walks" });
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await enter(alice, named, "Alice");
  await told(alice, named, ({ name }) => name === "Ridge walks");
  const made = roomNamed("made");
  assert.ok((await bob.call("room", { jid: made.jid, action: "join", nick: "Bob", name: "Tea & <cake>" })).ok);
  await told(bob, made, ({ name, closed }) => name === "Tea & <cake>" && closed === true);
  for (const browser of [alice, bob]) browser.detach();
});

test("R2: of 300 archived messages the oldest can be scrolled back to", async () => {
  const room = await conference.create("long");
  await conference.fill(room, 300);
  const alice = await browserOf(stack, ALICE);
  await enter(alice, room, "Alice");
  await hears(alice, room, "300");
  for (let complete = false; !complete; ) {
    const answer = await alice.call("older", { chat: room.jid });
    assert.ok(answer.ok, JSON.stringify(answer));
    ({ complete } = answer.value);
  }
  await hears(alice, room, "1");
  const all = Array.from({ length: 300 }, (_, n) => String(n + 1));
  await alice.until(() => texts(alice, room).length === 300);
  assert.deepEqual(texts(alice, room), all, "in their order, each once");
  alice.detach();
});

test("R6: a room of 5,000: we are ourselves, our message is ours, and whoever comes is told alone", async (context) => {
  const room = await conference.create("crowd");
  await conference.crowd(room, 5_000);
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  const started = Date.now();
  await enter(alice, room, "Zoe");
  const took = Date.now() - started;
  const info = roomOf(alice, room);
  assert.equal(info?.occupants[0]?.nick, "Zoe");
  assert.equal(info?.people, 5_001);
  await alice.until(() => everybody(alice, room).size === 5_001);
  await say(alice, room.jid, "good evening, everybody");
  const mine = await alice.until(() => said(alice, room)[0]);
  await alice.until(() => alice.entries.some((entry) => entry.kind === "progress" && entry.message === mine.id));
  assert.equal(mine.sender, ALICE);
  assert.equal(said(alice, room).length, 1, "its echo is known");
  await conference.crowd(room, 0);
  const before = alice.frames.length;
  await enter(bob, room, "Bob");
  await alice.until(() => everybody(alice, room).has("Bob"));
  const bytes = JSON.stringify(alice.frames.slice(before).filter(({ type }) => type !== "entries")).length;
  assert.ok(bytes < 5_000, `${bytes} bytes for one who comes`);
  context.diagnostic(`entered a room of 5,000 in ${took} ms`);
  for (const browser of [alice, bob]) browser.detach();
});

test("R18: what the server itself says is shown, under its name", async () => {
  const alice = await browserOf(stack, ALICE);
  await conference.announce(ALICE, "Down at noon");
  const told = await alice.until(() => messagesOf(alice).find(({ chat }) => chat === "localhost"));
  assert.deepEqual([told.sender, told.content], ["localhost", { kind: "clear", text: "Down at noon" }]);
  const read = await alice.call("read", { chat: told.chat, position: told.position });
  assert.ok(read.ok, "it can be read like anything else");
  alice.detach();
});

test("R17: pressing Add for somebody whom another app has put into groups leaves them there", async () => {
  const phone = await PlainClient.signIn(stack.xmpp.endpoints.ws, ALICE_ACCOUNT.name, ALICE_ACCOUNT.password);
  const query = (inside: string) => `<query xmlns='jabber:iq:roster'>${inside}</query>`;
  const item = "<item jid='carol@localhost' name='Carol'><group>Friends</group><group>Climbing</group></item>";
  phone.send(`<iq xmlns='jabber:client' type='set' id='put'>${query(item)}</iq>`);
  await phone.until("id='put'");
  const alice = await browserOf(stack, ALICE);
  await alice.until(() => alice.entries.find((entry) => entry.kind === "contact" && entry.jid === CAROL));
  assert.ok((await alice.call("contact", { jid: CAROL, action: "add" })).ok);
  await alice.until(() =>
    alice.entries.find((entry) => entry.kind === "contact" && entry.jid === CAROL && entry.asked),
  );
  phone.send(`<iq xmlns='jabber:client' type='get' id='look'>${query("")}</iq>`);
  const roster = await phone.until("id='look'");
  for (const group of ["Friends", "Climbing"]) assert.match(roster, new RegExp(`<group>${group}</group>`));
  phone.close();
  alice.detach();
});
