/** Becoming contacts, strangers, and conversations begun by address. */
import assert from "node:assert/strict";
import { ALICE, BOB } from "../stack.ts";
import type { PythonPeer } from "../interop/python-peer.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const CAROL = { name: "carol", password: "crescent" } as const;
const DAVE = { name: "dave", password: "driftwood" } as const;
const ERIN = { name: "erin", password: "evening" } as const;
const FRANK = { name: "frank", password: "flotsam" } as const;
const GRACE = { name: "grace", password: "gangway" } as const;
const HEIDI = { name: "heidi", password: "harbour" } as const;
const accounts = [ALICE, BOB, CAROL, DAVE, ERIN, FRANK, GRACE, HEIDI];
const NICK = "http://jabber.org/protocol/nick";
const story = Story.stage({ name: "requests", endpoint: "starttls", accounts, friends: false });

let a: Person;
let b: Person;
let bob: PythonPeer;
let carol: PythonPeer;
let dave: PythonPeer;
let erin: PythonPeer;

async function showsNoRow(person: Person, jid: string): Promise<void> {
  const gone = async () => !(await person.chats()).some((chat) => chat.jid === jid);
  await until(`${person.called} has no row of ${jid}`, gone, { describe: () => person.chats() });
}

story.test("a request that is accepted makes a contact, in both browsers", async () => {
  [a, bob, carol, dave] = await Promise.all([
    story.signedIn(ALICE, { called: "alice in A" }),
    story.peer(BOB),
    story.peer(CAROL),
    story.peer(DAVE),
  ]);
  b = await story.signedIn(ALICE, { called: "alice in B" });
  await bob.command("subscribe", { to: "alice@localhost" });
  await Promise.all([a, b].map((one) => one.seesChat("bob@localhost", { relation: "request" })));
  await a.openChat("bob");
  await a.reads(/bob@localhost wants to become your contact/);
  await a.press("Accept");
  await bob.until("was accepted", () => bob.events.some(({ event }) => event === "subscribed"));
  await Promise.all([a, b].map((one) => one.seesChat("bob@localhost", { relation: "asked" })));
  await bob.until("is asked in turn", () => bob.events.some(({ event }) => event === "subscribe"));
  await bob.command("subscribed", { to: "alice@localhost" });
  await Promise.all([a, b].map((one) => one.seesChat("bob@localhost", { relation: "contact" })));
});

story.test("a new contact can be written to at once, encrypted", async () => {
  await a.isEncryption("ready", "on");
  await a.send("welcome");
  await bob.reads("welcome");
  assert.ok(bob.allEncrypted());
  await b.seesChat("bob@localhost", { preview: "welcome" });
});

story.test(
  "V4: a contact is called as they call themselves, in both browsers, and by their address without a name",
  async () => {
    const nick = (name: string) => bob.command("publish", { node: NICK, xml: `<nick xmlns="${NICK}">${name}</nick>` });
    const called = (name: string) => Promise.all([a, b].map((one) => one.seesChat("bob@localhost", { name })));
    await called("Bob");
    await nick("Bob the builder");
    await called("Bob the builder");
    await b.reload();
    await called("Bob the builder");
    await nick("");
    await called("Bob");
  },
);

story.test("a request that is declined is gone in both browsers", async () => {
  await carol.command("subscribe", { to: "alice@localhost" });
  await Promise.all([a, b].map((one) => one.seesChat("carol@localhost", { relation: "request" })));
  await a.openChat("carol");
  await a.press("Decline");
  await Promise.all([showsNoRow(a, "carol@localhost"), showsNoRow(b, "carol@localhost")]);
  await carol.until("was declined", () => carol.events.some(({ event }) => event === "unsubscribed"));
});

story.test("U8: who was declined asks and writes in vain, in both browsers, also after a reload", async () => {
  await carol.command("subscribe", { to: "alice@localhost" });
  await carol.send("alice@localhost", "answer me");
  // What is sent after it has come, so it has come, too.
  await bob.send("alice@localhost", "are you there?");
  await Promise.all([a, b].map((one) => one.seesChat("bob@localhost", { preview: "are you there?" })));
  await b.reload();
  await b.seesChat("bob@localhost", { preview: "are you there?" });
  for (const one of [a, b]) {
    const rows = (await one.chats()).map(({ jid }) => jid);
    assert.deepEqual(rows, ["bob@localhost"]);
    assert.doesNotMatch(await one.page.title(), /[2-9]/);
  }
});

story.test("U8: somebody who was declined is let in again, and what they wrote is there", async () => {
  await b.opensSettings();
  await b.press("Blocked and waiting people");
  await b.reads(/carol@localhost\s+Declined/);
  await b.press("Allow carol@localhost");
  await b.reads(/Nobody is blocked/);
  await b.press("Close");
  await Promise.all([a, b].map((one) => one.seesChat("carol@localhost", { preview: "answer me" })));
  await b.openChat("carol");
  await b.press("Decline");
  await Promise.all([showsNoRow(a, "carol@localhost"), showsNoRow(b, "carol@localhost")]);
});

story.test("a stranger's message can be read and judged; accepting asks to become contacts", async () => {
  await dave.send("alice@localhost", "you do not know me");
  await Promise.all(
    [a, b].map((one) =>
      one.seesChat("dave@localhost", { relation: "stranger", unread: 1, preview: "you do not know me" }),
    ),
  );
  await b.openChat("dave");
  await b.sees("you do not know me");
  await b.reads(/dave@localhost is not one of your contacts/);
  assert.deepEqual(
    dave.events.filter(({ event }) => event === "empty"),
    [],
    "nothing tells a stranger that somebody is here",
  );
  await b.press("Accept");
  await dave.until("is asked", () => dave.events.some(({ event }) => event === "subscribe"));
  await dave.command("subscribed", { to: "alice@localhost" });
  await Promise.all([a, b].map((one) => one.seesChat("dave@localhost", { relation: "contact" })));
});

story.test("U16: an address without an account is said to be that, and clear text is not offered for it", async () => {
  await a.newChat("nobody@localhost");
  await a.reads(/Nobody was found at nobody@localhost/);
  await a.newChat("somebody@elsewhere.example");
  await a.reads(/elsewhere.example could not be reached/);
  assert.doesNotMatch(await a.words(), /without encryption/);
  await a.newChat("frank@localhost");
  await a.reads(/frank@localhost cannot receive encrypted messages yet/);
  await a.reads(/Write without encryption/);
});

story.test("a conversation is begun by address; an impossible address has its own words", async () => {
  await a.newChat("nobody at all");
  await a.reads(/This is not a complete address/);
  await a.press("Cancel");
  await a.newChat("carol@localhost");
  await a.isEncryption("ready", "on");
  await a.send("good that I found you");
  await carol.reads("good that I found you");
  assert.ok(carol.allEncrypted());
  await b.seesChat("carol@localhost", { preview: "good that I found you" });
  await carol.send("alice@localhost", "so am I");
  await a.sees("so am I");
});

/** Shown as there, or not, in the list. */
const isThere = (who: Person, jid: string) =>
  who.page.evaluate(
    (address) => document.querySelector(`[role=option][data-jid="${address}"] .avatar-online`) !== null,
    jid,
  );

story.test("P2: who no longer shows when they are online is not shown as there, and that is said", async () => {
  await until("bob is there", () => isThere(b, "bob@localhost"));
  await bob.command("unsubscribed", { to: "alice@localhost" });
  await Promise.all([a, b].map((one) => one.seesChat("bob@localhost", { relation: "unshared" })));
  await until("bob is there no longer", async () => !(await isThere(b, "bob@localhost")));
  await a.openChat("bob");
  await a.reads(/Bob does not show you when they are online/);
  await a.press("Ask to see it");
  await a.seesChat("bob@localhost", { relation: "asked" });
});

story.test(
  "U12, P2: a removal is asked about; somebody who was written to and removed is not judged as a stranger",
  async () => {
    await a.openChat("dave");
    await a.send("it was nice");
    await a.press("More");
    await a.press("Remove from contacts…");
    await a.reads(/Remove dave from your contacts\?/i);
    await a.press("Cancel");
    await a.seesChat("dave@localhost", { relation: "contact" });
    await a.press("More");
    await a.press("Remove from contacts…");
    await a.press("Remove");
    await Promise.all([a, b].map((one) => one.seesChat("dave@localhost", { relation: "former" })));
    await a.reads(/dave@localhost is not one of your contacts/);
    await b.openChat("dave@localhost");
    await b.reads(/dave@localhost is not one of your contacts/);
    assert.ok(!(await b.page.evaluate(() => document.body.textContent?.includes("if you do not know them"))));
    assert.ok(!(await isThere(b, "dave@localhost")));
  },
);

story.test(
  "U8, B4: a stranger is blocked with a report; nothing of theirs arrives until they are unblocked",
  async () => {
    erin = await story.peer(ERIN);
    await erin.send("alice@localhost", "buy my coins");
    await Promise.all([a, b].map((one) => one.seesChat("erin@localhost", { relation: "stranger" })));
    await a.openChat("erin");
    await a.press("Block…");
    await a.reads(/Block erin@localhost\?/);
    await a.choose("Yes, it is spam");
    await a.press("Block");
    await Promise.all([showsNoRow(a, "erin@localhost"), showsNoRow(b, "erin@localhost")]);
    await assert.rejects(erin.send("alice@localhost", "and more of them"), /service-unavailable/);
    await b.opensSettings();
    await b.press("Blocked and waiting people");
    await b.reads(/erin@localhost\s+Blocked/);
    await b.press("Unblock erin@localhost");
    await b.reads(/Nobody is blocked/);
    await b.press("Close");
    await Promise.all([a, b].map((one) => one.seesChat("erin@localhost", { preview: "buy my coins" })));
  },
);

story.test(
  "U8, B4: a conversation is deleted in one browser, stays in the other, and comes back with what is new",
  async () => {
    await a.openChat("erin");
    await a.press("More");
    await a.press("Delete conversation here…");
    await a.press("Delete");
    await showsNoRow(a, "erin@localhost");
    await a.reload();
    await a.seesChat("bob@localhost", {});
    await showsNoRow(a, "erin@localhost");
    await b.seesChat("erin@localhost", { preview: "buy my coins" });
    await erin.send("alice@localhost", "something else");
    await a.seesChat("erin@localhost", { preview: "something else" });
    await a.openChat("erin");
    await a.sees("something else");
    assert.deepEqual(await a.texts(), ["something else"]);
  },
);

story.test("U4: one asks, the other accepts, and both are contacts: nobody is asked twice", async () => {
  const f = await story.signedIn(FRANK, { called: "frank" });
  await f.newChat("alice@localhost");
  await f.press("Add to contacts");
  await Promise.all([a, b].map((one) => one.seesChat("frank@localhost", { relation: "request" })));
  await a.openChat("frank");
  await a.press("Accept");
  await Promise.all([a, b].map((one) => one.seesChat("frank@localhost", { relation: "contact" })));
  await f.seesChat("alice@localhost", { relation: "contact" });
});

story.test("U4: whoever is written to and accepts is a contact of both: nobody is asked a second time", async () => {
  const heidi = await story.signedIn(HEIDI, { called: "heidi" });
  await a.newChat("heidi@localhost");
  await a.reads(/If you write and they accept, you become contacts/);
  await a.isEncryption("ready", "on");
  await a.send("it is me, alice");
  await heidi.seesChat("alice@localhost", { relation: "stranger", preview: "it is me, alice" });
  await heidi.openChat("alice");
  await heidi.press("Accept");
  await heidi.seesChat("alice@localhost", { relation: "contact" });
  await Promise.all([a, b].map((one) => one.seesChat("heidi@localhost", { relation: "contact" })));
  await heidi.send("so it is");
  await Promise.all([a, b].map((one) => one.seesChat("heidi@localhost", { preview: "so it is" })));
});

story.test("only contacts may write first: a stranger waits unseen in both browsers, and is found", async () => {
  await a.opensSettings();
  await a.clicks('[data-setting="writesFirst"] .segment:has(input[value="contacts"])');
  await a.reads(/Nothing of it is lost/);
  await b.opensSettings();
  await b.reads(/Nothing of it is lost/);
  const grace = await story.peer(GRACE);
  await grace.send("alice@localhost", "you do not know me");
  await grace.command("subscribe", { to: "alice@localhost" });
  // Behind it nothing of hers is on its way any more.
  await bob.send("alice@localhost", "after grace");
  await Promise.all([a, b].map((one) => one.seesChat("bob@localhost", { preview: "after grace" })));
  await Promise.all([a, b].map((one) => showsNoRow(one, "grace@localhost")));
  assert.ok(!grace.events.some(({ event }) => event === "receipt"), "she is told nothing");
  await b.press("Blocked and waiting people");
  await b.reads(/grace@localhost\s+Waiting: no contact of yours/);
  await story.looksAt(b);
  await b.press("Show what grace@localhost has sent");
  await b.sees("you do not know me");
  await Promise.all([a, b].map((one) => one.seesChat("grace@localhost", { relation: "request" })));
});
