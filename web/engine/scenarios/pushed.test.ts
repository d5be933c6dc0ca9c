/** A browser that is closed and is rung: what its service worker reads is what a tab would have read, and never twice. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import type { MessageEntry } from "../../../worker/contract/entries.ts";
import type { BareJid, BrowserId, Seq } from "../../../worker/contract/names.ts";
import type { PushMessage } from "../../../worker/contract/push.ts";
import { CONTRACT_VERSION } from "../../../worker/contract/version.ts";
import type { Remote } from "../object/calls.ts";
import { isReadUpTo, markRead } from "../pushed/mark-read.ts";
import { isPushMessage, type PushedNews, readPushed } from "../pushed/read-pushed.ts";
import { leadBriefly } from "../tabs/briefly.ts";
import { TabLeader } from "../tabs/leader.ts";
import type { Request } from "../tabs/messages.ts";
import { PROMPT, type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, Fixture } from "../testing/fixture.ts";
import { ScriptedLocks } from "../testing/scripted-locks.ts";

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  fixture = new Fixture();
  bob = await fixture.browser(BOB);
  alice = await fixture.browser(ALICE);
  await fixture.acquaint(alice, bob);
});
afterEach(() => fixture.end());

/** Every page of it is closed. */
async function closes(browser: TestBrowser): Promise<void> {
  browser.remote.cut();
  await browser.engine.stop();
}

const head = () => fixture.object(ALICE).log.length as Seq;

/** What the object would push now to a browser that it knows to be at `after`; without `after`: it does not fit. */
function pushOf(after?: number, more: Partial<PushMessage> = {}): PushMessage {
  const object = fixture.object(ALICE);
  const browser = alice.remote.browser;
  const answer = object.entries(browser, after ?? 0);
  return {
    contract: CONTRACT_VERSION,
    browser,
    epoch: object.epoch,
    head: head(),
    now: Date.now(),
    ...(after !== undefined && answer.ok && { after: after as Seq, entries: answer.value.entries }),
    ...more,
  };
}

function reads(push: PushMessage, show = shown): Promise<PushedNews | undefined> {
  alice.useDisk();
  return readPushed(push, alice.remote, show, PROMPT);
}
const shown: Parameters<typeof readPushed>[2] = async () => undefined;

const textsIn = (news: PushedNews | undefined) =>
  (news?.items ?? []).flatMap(({ body, outgoing }) => (body.kind === "text" && !outgoing ? body.text : []));
const calls = () => fixture.network.traffic;

/** Bob says so, and it is in the log of alice's object. */
async function says(text: string): Promise<void> {
  const before = head();
  await bob.send({ chat: ALICE, text });
  await until(() => messagesBehind(before) > 0);
}
const messagesBehind = (seq: number) =>
  fixture
    .object(ALICE)
    .log.filter((entry): entry is MessageEntry => entry.seq > seq && entry.kind === "message" && entry.sender === BOB)
    .length;

it("what a push brings is decrypted, stored and told, and a tab that opens later has it without reading it again", async () => {
  const unread = () => alice.engine.snapshot().chats.find(({ jid }) => jid === BOB)?.unread ?? 0;
  const [before, seen] = [head(), unread()];
  await closes(alice);
  await says("while you were away");
  const news = await reads(pushOf(before));
  assert.deepEqual(textsIn(news), ["while you were away"]);
  assert.equal(news?.chats.find(({ jid }) => jid === BOB)?.unread, seen + 1);
  await alice.crash();
  await alice.waitForTexts(BOB, ["hello", "hello too", "while you were away"]);
  // The ratchet has gone on with it: what comes next opens, and so does the answer.
  await bob.send({ chat: ALICE, text: "and now" });
  await alice.waitForTexts(BOB, ["hello", "hello too", "while you were away", "and now"]);
  await alice.send({ chat: BOB, text: "here I am" });
  await until(async () => (await bob.texts(ALICE)).at(-1) === "here I am");
});

it("the first that a device has ever said is told as everything else", async () => {
  const before = head();
  await closes(alice);
  const newer = await fixture.browser(BOB, "Firefox on Linux");
  await newer.send({ chat: ALICE, text: "from my new computer" });
  await until(() => messagesBehind(before) > 0);
  const news = await reads(pushOf(before));
  assert.deepEqual(textsIn(news), ["from my new computer"]);
});

it("a push that knows of nothing says that there may be something, also where all that it names was read", async () => {
  await closes(alice);
  const push = pushOf(head());
  assert.equal((await reads(push))?.isWhole, true);
  assert.equal((await reads({ ...push, perhaps: true }))?.isWhole, false);
});

it("whoever was not met long ago is not looked up whenever somebody else writes", async () => {
  await closes(alice);
  const first = head();
  const unmet = await fixture.browser(BOB, "Firefox on Linux");
  await unmet.send({ chat: ALICE, text: "from my new computer" });
  await until(() => messagesBehind(first) > 0);
  let lookedUp = 0;
  const call: Remote["call"] = (name, said) => {
    if (name === "devices" || name === "bundle") lookedUp += 1;
    return alice.remote.call(name, said);
  };
  const remote: Remote = { ...alice.remote, call, as: () => remote };
  const readsNow = (push: PushMessage) => {
    alice.useDisk();
    return readPushed(push, remote, shown, PROMPT);
  };
  fixture.object(ALICE).linked = false;
  await readsNow(pushOf(first));
  assert.ok(lookedUp > 0, "who has just written is, and cannot be now");
  const second = head();
  fixture.object(ALICE).append({ kind: "policy", chat: BOB } as never);
  lookedUp = 0;
  await readsNow(pushOf(second));
  assert.equal(lookedUp, 0);
});

it("whoever wrote is told that it has arrived, though no page is open", async () => {
  const before = head();
  await closes(alice);
  await says("did you get it?");
  await reads(pushOf(before));
  const { log, receipts } = fixture.object(ALICE);
  const { id } = log.findLast((entry) => entry.kind === "message") ?? assert.fail();
  assert.deepEqual(
    receipts.filter(({ message }) => message === id).map(({ state }) => state),
    ["delivered"],
  );
});

it("what has come is shown before whoever wrote is told, which may take a minute or fail", async () => {
  const before = head();
  await closes(alice);
  await says("look at this");
  const told = () => fixture.object(ALICE).receipts.length;
  const toldBefore = told();
  const texts: string[] = [];
  const show: typeof shown = async (news) => {
    texts.push(...textsIn(news));
    assert.equal(told(), toldBefore);
  };
  const news = await reads(pushOf(before), show);
  assert.deepEqual([texts, textsIn(news)], [["look at this"], ["look at this"]]);
  assert.ok(told() > toldBefore);
});

it("a push that comes twice, and one that comes after a tab has read it, bring nothing", async () => {
  const before = head();
  await closes(alice);
  await says("once");
  const push = pushOf(before);
  assert.deepEqual(textsIn(await reads(push)), ["once"]);
  assert.deepEqual(textsIn(await reads(push)), []);
  await alice.crash();
  await alice.waitForTexts(BOB, ["hello", "hello too", "once"]);
  await closes(alice);
  assert.deepEqual(textsIn(await reads(push)), []);
});

it("what does not fit, and what was lost before it, is asked for", async () => {
  const before = head();
  await closes(alice);
  await says("too long for a push");
  assert.deepEqual(textsIn(await reads(pushOf())), ["too long for a push"]);
  await says("this push is lost");
  const lost = head();
  await says("this one is not");
  assert.deepEqual(textsIn(await reads(pushOf(lost))), ["this push is lost", "this one is not"]);
  assert.ok(before < lost);
});

it("where the object cannot be asked either, nothing is lost: the next one, or a tab, reads it", async () => {
  await closes(alice);
  await says("first");
  const behind = head();
  alice.remote.unplug();
  await says("second");
  const news = await reads(pushOf(behind));
  assert.deepEqual([textsIn(news), news?.isWhole], [[], false]);
  alice.remote.plug();
  assert.deepEqual(textsIn(await reads(pushOf())), ["first", "second"]);
});

it("what is marked as read by its notification is read here and everywhere, with no page open", async () => {
  const before = head();
  await closes(alice);
  await says("read me");
  const news = await reads(pushOf(before));
  const { position } = news?.items.find(({ outgoing }) => !outgoing) ?? assert.fail();
  const told = () => fixture.object(ALICE).log.some((entry) => entry.kind === "read" && entry.position === position);
  const mark = (account: BareJid) => {
    alice.useDisk();
    return markRead({ account, chat: BOB, position }, alice.remote, PROMPT);
  };
  await mark("carol@c.example" as BareJid);
  assert.equal(told(), false, "a notification of somebody who was here before says nothing of this account");
  await mark(ALICE);
  assert.equal(told(), true);
  await alice.crash();
  assert.equal(alice.engine.snapshot().chats.find(({ jid }) => jid === BOB)?.unread, 0);
  assert.deepEqual(
    [position, "1", undefined].map((at) => isReadUpTo({ account: ALICE, chat: BOB, position: at })),
    [true, false, false],
  );
});

it("a push that comes a day late, behind newer ones, brings nothing and takes nothing back", async () => {
  const before = head();
  await closes(alice);
  await says("in the morning");
  const late = pushOf(before);
  const between = head();
  await says("at noon");
  // The first was lost on its way: what it had is asked for.
  assert.deepEqual(textsIn(await reads(pushOf(between))), ["in the morning", "at noon"]);
  const again = await reads({ ...late, now: late.now - 24 * 3_600_000 });
  assert.deepEqual([textsIn(again), again?.isWhole, again?.changed], [[], true, []]);
  await alice.crash();
  await alice.waitForTexts(BOB, ["hello", "hello too", "in the morning", "at noon"]);
});

it("who asks into a room is a request in the list, once, and the tab that opens later knows it", async () => {
  const before = head();
  await closes(alice);
  const room = "walks@rooms.example" as BareJid;
  const push = pushOf(before, { invited: [{ room, by: BOB }] });
  const news = await reads(push);
  const asking = (chats: PushedNews["chats"] = []) => chats.filter(({ relation }) => relation === "request");
  assert.deepEqual(
    asking(news?.chats).map(({ jid, room: about }) => [jid, about?.invitedBy]),
    [[room, BOB]],
  );
  assert.ok(news?.changed.includes(room));
  assert.equal((await reads(push))?.changed.includes(room), false, "it is news once");
  await alice.crash();
  assert.equal(asking(alice.engine.snapshot().chats)[0]?.jid, room);
  // Somebody who is known as a person is taken for no room.
  await closes(alice);
  assert.deepEqual(asking((await reads(pushOf(head(), { invited: [{ room: BOB, by: BOB }] })))?.chats).length, 1);
});

it("a push for another browser, of another log, or into a browser where nobody is signed in changes nothing", async () => {
  const before = head();
  await closes(alice);
  await says("whose is it?");
  await fixture.quiet();
  const asked = calls();
  assert.equal(await reads(pushOf(before, { browser: crypto.randomUUID() as BrowserId })), undefined);
  assert.equal(await reads(pushOf(before, { epoch: "another" })), undefined);
  assert.equal(calls(), asked);
  await alice.crash();
  await alice.engine.signOut({ erase: false });
  assert.equal(await reads(pushOf(before)), undefined);
  for (const wrong of [
    undefined,
    null,
    "x",
    {},
    { browser: 1, epoch: "e", head: 1, contract: 6 },
    { ...pushOf(), now: "noon" },
  ])
    assert.equal(isPushMessage(wrong), false);
  assert.equal(isPushMessage(pushOf()), true);
});

it("a tab that leads and is not looked at is overtaken, and no message is read by both", async () => {
  const before = head();
  await alice.die();
  const locks = new ScriptedLocks();
  const engines: TestBrowser["engine"][] = [];
  const channel = new BroadcastChannel("pushed-test");
  alice.useDisk();
  const leader = new TabLeader({
    startEngine: (emit) => {
      const engine = alice.newEngine(emit);
      engines.push(engine);
      return engine;
    },
    toPage: () => undefined,
    channel,
    locks: locks.of("tab"),
  });
  const request = { id: "1", name: "attach", args: { visible: false } } as Request;
  leader.request(request);
  await until(() => engines[0]?.snapshot().session.state === "signed-in");
  alice.remote.unplug();
  await says("to both of you");
  alice.remote.plug();
  alice.remote.cut();
  const news = await leadBriefly(locks.of("service worker"), () => reads(pushOf(before)));
  assert.ok(textsIn(news).length <= 1);
  await until(() => engines.length === 2 && engines[1]?.snapshot().session.state === "signed-in");
  const texts = async () =>
    (await engines[1]?.timeline({ chat: BOB }))?.items.map(({ body }) =>
      body.kind === "text" ? body.text : body.reason,
    );
  await until(async () => (await texts())?.join("|") === "hello|hello too|to both of you");
  await bob.send({ chat: ALICE, text: "once each" });
  await until(async () => (await texts())?.join("|") === "hello|hello too|to both of you|once each");
  channel.close();
  for (const engine of engines) await engine.stop();
});

it("D11: a browser that is rung and not looked at has no socket; who looks has it back, with all that came", async () => {
  const socket = () => [...fixture.object(ALICE).attached].some(({ browser }) => browser === alice.remote.browser);
  assert.equal(socket(), true);
  await alice.engine.notifies({ on: true, rests: true });
  await until(() => !socket());
  const before = head();
  await says("read it when you are back");
  await alice.engine.visible({ visible: true });
  await alice.waitForTexts(BOB, ["hello", "hello too", "read it when you are back"]);
  // Somebody looks: that it rests is the word of a page that nobody sees.
  await alice.engine.notifies({ on: true, rests: true });
  assert.equal(socket(), true);
  await alice.engine.visible({ visible: false });
  await until(() => !socket());
  assert.ok(before < head());
});

it("pages hear when the object has forgotten where to ring this browser, until it says something else", async () => {
  const unrung = () => alice.engine.snapshot().connection.unrung;
  const object = fixture.object(ALICE);
  assert.equal(unrung(), undefined);
  for (const forgotten of [true, false, true]) {
    alice.remote.unplug();
    object.unrung = forgotten;
    alice.remote.plug();
    await until(() => unrung() === (forgotten ? true : undefined));
  }
  object.tell({ type: "state", state: object.state });
  await until(() => unrung() === undefined);
});

it("a job that fails gives the lock back, and says why", async () => {
  const locks = new ScriptedLocks();
  await assert.rejects(
    leadBriefly(locks.of("a"), () => Promise.reject(new RangeError("no"))),
    RangeError,
  );
  assert.equal(await leadBriefly(locks.of("b"), async () => "mine"), "mine");
});

it("of two pushes in one worker the second waits: it takes nothing from the first, however that ends", async () => {
  const locks = new ScriptedLocks().of("service worker");
  const done: string[] = [];
  const job = (name: string, end: () => void) => async () => {
    done.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    done.push(`${name} ends`);
    end();
  };
  const first = leadBriefly(
    locks,
    job("first", () => {
      throw new RangeError("no");
    }),
  );
  const second = leadBriefly(locks, job("second", nothing));
  await assert.rejects(first, RangeError);
  await second;
  assert.deepEqual(done, ["first begins", "first ends", "second begins", "second ends"]);
});
const nothing = () => undefined;
