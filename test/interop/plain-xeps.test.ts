/** Extensions in clear, spoken with slixmpp's own reading and writing of them, both ways: what we write it reads, and back. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Conference } from "../account/conference.ts";
import { ALICE, BOB, browserOf, messagesOf, say } from "../account/people.ts";
import type { ContactEntry, MessageEntry, ProgressEntry, ReadEntry } from "../../worker/contract/entries.ts";
import type { ClientId, EntryId } from "../../worker/contract/names.ts";
import { newClient, type ScriptedBrowser } from "../scripted-browser.ts";
import { ALICE as ALICE_ACCOUNT, BOB as BOB_ACCOUNT, type Stack, startStack } from "../stack.ts";
import { PythonPeer } from "./python-peer.ts";

let stack: Stack;
let alice: ScriptedBrowser;
/** A contact, and another app of alice's own. */
let bob: PythonPeer;
let app: PythonPeer;

before(async () => {
  stack = await startStack({ name: "plain-xeps", endpoint: "starttls" });
  alice = await browserOf(stack, ALICE);
  [bob, app] = await Promise.all([
    PythonPeer.start(stack, BOB_ACCOUNT, { plain: true }),
    PythonPeer.start(stack, ALICE_ACCOUNT, { plain: true, resource: "app" }),
  ]);
});
after(async () => {
  alice?.detach();
  await Promise.all([bob?.close(), app?.close()]);
  await stack?.stop();
});

const arrived = (text: string): Promise<MessageEntry> =>
  alice.until(() => messagesOf(alice).find(({ content }) => content.kind === "clear" && content.text === text));
const clear = (text: string) => ({ kind: "clear", text, exposed: false }) as const;
const got = (event: string, of: string | undefined) =>
  bob.until(`is told of ${event}`, () => bob.events.find((told) => told.event === event && told.of === of));

/** A message of alice's, as her browser names it; settles when bob's app has it, which names it the same. */
async function aliceSays(text: string): Promise<{ readonly client: ClientId; readonly id: EntryId }> {
  const client = newClient();
  const sent = await say(alice, BOB, text, client);
  assert.ok(sent.ok, JSON.stringify(sent));
  const message = await bob.until(`has “${text}”`, () => bob.events.find((told) => told.text === text));
  assert.equal(message.id, client);
  assert.deepEqual(message.asks, ["delivered", "read"]);
  return { client, id: sent.value.id };
}

/** A message of bob's: the id of its stanza. */
async function bobSays(text: string): Promise<string> {
  const { id = "" } = await bob.command("send", { to: ALICE, text });
  await arrived(text);
  return id;
}

const progress = (message: EntryId, state: ProgressEntry["state"]) =>
  alice.until(() =>
    alice.entries.find((one) => one.kind === "progress" && one.message === message && one.state === state),
  );

test("receipts (XEP-0184): bob's app says that alice's message has arrived, and hears that his has", async () => {
  const { client, id } = await aliceSays("is it here?");
  await bob.command("receipt", { to: ALICE, of: client });
  await progress(id, "delivered");
  const his = await bobSays("and mine?");
  const { id: theirs } = await arrived("and mine?");
  await alice.call("reading", { delivered: [theirs], read: [], positions: [] });
  await got("receipt", his);
});

test("markers (XEP-0333): bob's app says that alice's message was seen, and hears that his was", async () => {
  const { client, id } = await aliceSays("have you read it?");
  await bob.command("marker", { to: ALICE, of: client });
  await progress(id, "read");
  const his = await bobSays("have you?");
  const { id: theirs } = await arrived("have you?");
  await alice.call("reading", { delivered: [], read: [theirs], positions: [] });
  assert.equal((await got("marker", his)).what, "displayed");
});

test("corrections (XEP-0308): each side says which of its messages it changes", async () => {
  const { client } = await aliceSays("at sixx");
  await alice.send(BOB, clear("at six"), newClient(), { replaces: client });
  assert.equal((await got("correction", client)).text, "at six");
  const his = await bobSays("no, seven");
  await bob.command("correct", { to: ALICE, of: his, text: "no, at seven" });
  assert.equal((await arrived("no, at seven")).replaces, his);
});

test("replies (XEP-0461): each side says which message it answers", async () => {
  const his = await bobSays("who brings the tent?");
  await alice.send(BOB, clear("I do"), newClient(), { reply: { id: his, to: BOB } });
  const reply = await got("reply", his);
  assert.deepEqual([reply.text, reply.to], ["I do", BOB]);
  const { client } = await aliceSays("and the stove?");
  await bob.command("reply", { to: ALICE, of: client, text: "me" });
  assert.deepEqual((await arrived("me")).reply, { id: client, to: ALICE });
});

test("displayed synchronisation (XEP-0490): what one of alice's apps has shown is read in the other", async () => {
  const archived = async (text: string): Promise<MessageEntry> => {
    await bobSays(text);
    return alice.until(() =>
      messagesOf(alice).find((one) => one.archive && one.content.kind === "clear" && one.content.text === text),
    );
  };
  const first = await archived("seen in the app");
  await app.command("display", { to: BOB, of: first.archive?.id ?? "" });
  await alice.until(() =>
    alice.entries.find(
      (one): one is ReadEntry => one.kind === "read" && one.chat === BOB && one.position >= (first.position ?? 0),
    ),
  );
  const second = await archived("seen in the browser");
  await alice.call("reading", { delivered: [], read: [], positions: [{ chat: BOB, position: second.position }] });
  for (const end = Date.now() + 30_000; ; ) {
    const { id } = await app.command("displayed", { to: BOB });
    if (id === second.archive?.id) break;
    assert.ok(Date.now() < end, `the node says ${id}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
});

test("blocking (XEP-0191): whom one of alice's apps blocks or lets in again, the other one knows", async () => {
  const eve = "eve@elsewhere.example";
  const says = (blocked: true | undefined) =>
    alice.until(
      () =>
        alice.entries.findLast((one): one is ContactEntry => one.kind === "contact" && one.jid === eve)?.blocked ===
        blocked,
    );
  await app.command("block", { to: eve });
  await says(true);
  await app.command("unblock", { to: eve });
  await says(undefined);
  const before = app.events.length;
  const isLater = (event: string) => () =>
    app.events.slice(before).some((one) => one.event === event && one.jids?.includes(eve));
  assert.ok((await alice.call("contact", { jid: eve as typeof BOB, action: "block" })).ok);
  await app.until("is told of the block", isLater("blocked"));
  assert.ok((await alice.call("contact", { jid: eve as typeof BOB, action: "unblock" })).ok);
  await app.until("is told of its end", isLater("unblocked"));
});

test("invitations (XEP-0249, XEP-0045 §7.8.2): alice is asked into bob's room, and asks him into hers", async () => {
  const conference = new Conference(stack);
  const his = await conference.create("his-room");
  await bob.command("invite", { to: ALICE, text: his.jid });
  await alice.until(() =>
    alice.frames.some(
      (frame) =>
        frame.type === "rooms" && frame.rooms.some(({ jid, invitedBy }) => jid === his.jid && invitedBy === BOB),
    ),
  );
  const hers = await conference.create("her-room", { members_only: "1" });
  await conference.affiliate(hers, ALICE, "owner");
  assert.ok((await alice.call("room", { jid: hers.jid, action: "join", nick: "Alice" })).ok);
  assert.ok((await alice.call("invite", { room: hers.jid, jid: BOB })).ok);
  await bob.until("is asked in", () => bob.events.some(({ event, jid }) => event === "invited" && jid === hers.jid));
});
