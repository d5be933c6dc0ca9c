/** Who is told that a message has arrived and was read, how often, and who is not: against a real server. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { MessageEntry, ProgressEntry } from "../../worker/contract/entries.ts";
import type { BareJid, EntryId } from "../../worker/contract/names.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { ALICE as ALICE_ACCOUNT, BOB as BOB_ACCOUNT, type Stack, startStack } from "../stack.ts";
import { writeAccount } from "../xmpp-server/accounts.ts";
import { PlainClient } from "../xmpp-server/plain-client.ts";
import { ALICE, BOB, browserOf, messagesOf, say } from "./people.ts";

const EVE_ACCOUNT = { name: "eve", password: "keyhole" } as const;
const RECEIPTS = "urn:xmpp:receipts";
const MARKERS = "urn:xmpp:chat-markers:0";
const LOOK_MS = 100;
const MDS = "urn:xmpp:mds:displayed:0";

let stack: Stack;
let first: ScriptedBrowser;
let second: ScriptedBrowser;
let bob: PlainClient;

before(async () => {
  stack = await startStack({
    name: "receipts",
    endpoint: "starttls",
  });
  [first, second] = await Promise.all([browserOf(stack, ALICE), browserOf(stack, ALICE)]);
  bob = await PlainClient.signIn(stack.xmpp.endpoints.ws, BOB_ACCOUNT.name, BOB_ACCOUNT.password);
  bob.send("<presence xmlns='jabber:client'/>");
});
after(async () => {
  bob?.close();
  await stack?.stop();
});

/** A message in clear that asks to be told of everything, under another origin-id than its stanza has. */
function ask(client: PlainClient, id: string): void {
  client.send(
    `<message xmlns='jabber:client' to='${ALICE}' type='chat' id='${id}'><body>${id}</body>` +
      `<request xmlns='${RECEIPTS}'/><markable xmlns='${MARKERS}'/><origin-id xmlns='urn:xmpp:sid:0' id='origin-${id}'/></message>`,
  );
}

const arrived = (browser: ScriptedBrowser, text: string): Promise<MessageEntry> =>
  browser.until(() => messagesOf(browser).find(({ content }) => content.kind === "clear" && content.text === text));

const answer = async (browser: ScriptedBrowser, state: "delivered" | "read", ...messages: readonly EntryId[]) => {
  const told = { delivered: [], read: [], positions: [], [state]: messages };
  assert.deepEqual(await browser.call("reading", told), { ok: true, value: { receipts: true } });
};

/** Everything that had been sent before this came back. */
async function sync(client: PlainClient, name: string): Promise<void> {
  say(first, BOB, name).catch(assert.fail);
  await client.until(`<body>${name}</body>`);
}

const count = (client: PlainClient, word: string, id: string): number =>
  client.received.filter((element) => element.includes(`<${word} `) && element.includes(`id='${id}'`)).length;

test("two browsers have decrypted a message, and its sender gets one receipt that names the stanza", async () => {
  ask(bob, "m1");
  const [one, two] = await Promise.all([arrived(first, "m1"), arrived(second, "m1")]);
  assert.deepEqual(one.asks, ["delivered", "read"]);
  assert.equal(one.id, two.id);
  await Promise.all([answer(first, "delivered", one.id), answer(second, "delivered", one.id)]);
  await answer(second, "delivered", one.id);
  await bob.until("received ");
  await sync(bob, "after m1");
  assert.equal(count(bob, "received", "m1"), 1, bob.received.join("\n"));
});

test("what was read in both browsers is marked once, in clear, and encrypted for nobody", async () => {
  const { id } = await arrived(first, "m1");
  await Promise.all([answer(first, "read", id), answer(second, "read", id)]);
  const marker = await bob.until("displayed ");
  assert.match(marker, new RegExp(`xmlns='${MARKERS}'`));
  await sync(bob, "after the marker");
  assert.equal(count(bob, "displayed", "m1"), 1);
});

test("a page of contract 2 tells each thing by a call of its own", async () => {
  ask(bob, "m1 of old");
  const { id, position } = await arrived(first, "m1 of old");
  const messages = [id];
  const done = { ok: true, value: { done: true } };
  assert.deepEqual(await first.call("receipt", { messages, state: "delivered" }), done);
  assert.deepEqual(await first.call("receipt", { messages, state: "read" }), done);
  assert.deepEqual(await first.call("read", { chat: BOB, position }), { ok: true, value: { position } });
  await sync(bob, "after the old page");
  assert.equal(count(bob, "received", "m1 of old") + count(bob, "displayed", "m1 of old"), 2);
});

test("a stranger is told nothing until somebody has written to them", async () => {
  // Made now, when the rosters are written: nobody's contact.
  await writeAccount(stack.xmpp.state, EVE_ACCOUNT);
  const eve = await PlainClient.signIn(stack.xmpp.endpoints.ws, EVE_ACCOUNT.name, EVE_ACCOUNT.password);
  eve.send("<presence xmlns='jabber:client'/>");
  ask(eve, "e1");
  const probe = await arrived(first, "e1");
  await answer(first, "delivered", probe.id);
  await say(first, "eve@localhost" as BareJid, "who are you?");
  await eve.until("who are you?");
  assert.equal(count(eve, "received", "e1"), 0);
  ask(eve, "e2");
  await answer(first, "delivered", (await arrived(first, "e2")).id);
  await eve.until("received ");
  assert.equal(count(eve, "received", "e2"), 1);
  eve.close();
});

test("a receipt that the server has not acknowledged outlives the object, and is sent once", async () => {
  ask(bob, "m2");
  const { id } = await arrived(first, "m2");
  await stack.xmpp.stop();
  await first.until(() => first.link?.state !== "live");
  const early = await first.call("reading", { delivered: [id], read: [], positions: [] });
  assert.ok(early.ok && !early.value.receipts, "nothing is promised while nobody can be told");
  const refused = await first.call("receipt", { messages: [id], state: "delivered" });
  assert.ok(!refused.ok && refused.error.kind === "offline", "nor to a page of contract 2");
  await stack.xmpp.start();
  bob = await PlainClient.signIn(stack.xmpp.endpoints.ws, BOB_ACCOUNT.name, BOB_ACCOUNT.password);
  bob.send("<presence xmlns='jabber:client'/>");
  await first.call("reconnect", {});
  await first.live();
  await answer(first, "delivered", id);
  await bob.until("received ");
  await sync(bob, "after m2");
  assert.equal(count(bob, "received", "m2"), 1);
});

test("an Alcove that has sent a message shows it delivered, then read", async () => {
  const sender = await browserOf(stack, BOB);
  const sent = await say(sender, ALICE, "with ticks");
  assert.ok(sent.ok);
  const { id } = await arrived(first, "with ticks");
  const progress = () =>
    sender.entries
      .filter((entry): entry is ProgressEntry => entry.kind === "progress" && entry.message === sent.value.id)
      .map(({ state }) => state);
  await answer(second, "delivered", id);
  await sender.until(() => progress().includes("delivered"));
  await answer(first, "read", id);
  await sender.until(() => progress().includes("read"));
  // The server's own word may come after the receipt, and is no news then.
  assert.deepEqual(
    progress().filter((state) => state !== "sent"),
    ["delivered", "read"],
  );
});

const newestRead = (browser: ScriptedBrowser) =>
  browser.entries.filter((entry) => entry.kind === "read").findLast(({ chat }) => chat === BOB);

test("P3: a marker marks everything up to the message that it names, and nothing after", async () => {
  const sent = [];
  for (const text of ["up to 1", "up to 2", "up to 3", "up to 4"]) sent.push(await say(first, BOB, text));
  const ids = sent.flatMap((answer) => (answer.ok ? [answer.value.id] : []));
  const reached = (id: EntryId, state: string) =>
    first.entries.some((entry) => entry.kind === "progress" && entry.message === id && entry.state === state);
  await first.until(() => ids.every((id) => reached(id, "sent")));
  await bob.until("<body>up to 4</body>");
  const third = bob.received.find((element) => element.includes("<body>up to 3</body>")) ?? "";
  const id = /<message[^>]* id='([^']+)'/.exec(third)?.[1] ?? "";
  bob.send(
    `<message xmlns='jabber:client' to='${ALICE}' type='chat'><displayed xmlns='${MARKERS}' id='${id}'/></message>`,
  );
  await first.until(() => ids.slice(0, 3).every((one) => reached(one, "read")));
  await sync(bob, "after up to");
  assert.ok(!reached(ids[3] ?? ("" as EntryId), "read"));
});

test("O7: what the phone has shown is read here, by its marker and by what it tells the account (XEP-0490)", async () => {
  const phone = await PlainClient.signIn(stack.xmpp.endpoints.ws, ALICE_ACCOUNT.name, ALICE_ACCOUNT.password);
  phone.send("<presence xmlns='jabber:client'/>");
  ask(bob, "for the phone");
  const one = await arrived(first, "for the phone");
  phone.send(
    `<message xmlns='jabber:client' to='${BOB}' type='chat' id='d1'><displayed xmlns='${MARKERS}' id='for the phone'/></message>`,
  );
  await first.until(() => newestRead(first)?.position === one.position);

  ask(bob, "also for it");
  const two = await arrived(first, "also for it");
  const archived = await phone.until("<body>also for it</body>");
  const id = /<stanza-id[^>]* id='([^']+)'/.exec(archived)?.[1] ?? "";
  phone.send(
    `<iq xmlns='jabber:client' type='set' id='p1'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='${MDS}'><item id='${BOB}'><displayed xmlns='${MDS}'><stanza-id xmlns='urn:xmpp:sid:0' by='${ALICE}' id='${id}'/></displayed></item></publish></pubsub></iq>`,
  );
  await first.until(() => newestRead(first)?.position === two.position);

  // And the other way round.
  ask(bob, "for the browser");
  const three = await arrived(first, "for the browser");
  const told = { delivered: [], read: [], positions: [{ chat: BOB, position: three.position }] };
  assert.ok((await first.call("reading", told)).ok);
  const here = /<stanza-id[^>]* id='([^']+)'/.exec(await phone.until("<body>for the browser</body>"))?.[1] ?? "";
  for (let n = 1, kept = ""; !kept.includes(here); n += 1) {
    assert.ok(n < 100, kept);
    await sleep(LOOK_MS);
    phone.send(
      `<iq xmlns='jabber:client' type='get' id='g${n}'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='${MDS}'/></pubsub></iq>`,
    );
    kept = await phone.until(`id='g${n}'`);
  }
  phone.close();
});
