/** A giver that lies: it fills holes with texts, or does nothing at all. And a taker that asks for what it may not have. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BareJid, EntryId, Position } from "../../../worker/contract/names.ts";
import type { RoadReason, SiblingChannel } from "../siblings/channel.ts";
import type { MessageText } from "../chunks/record.ts";
import { Answerer } from "./answerer.ts";
import { type Answer, type HandoverFrame, readFrame, UNDER_WAY, writeFrame } from "./frames.ts";
import { ALICE, BOB, meet, OwnBrowser, row, until } from "./testing/own-browser.ts";

let liar: OwnBrowser;
let firefox: OwnBrowser;
/** What the liar is told. */
let heard: HandoverFrame[];
let channel: SiblingChannel;
let ends: string[];

beforeEach(async () => {
  liar = new OwnBrowser(1, "Chrome on Mac", 1_000);
  firefox = new OwnBrowser(2, "Firefox on Linux", 2_000);
  await firefox.open();
  [heard, ends] = [[], []];
});

afterEach(() => firefox.close());

const say = async (frame: HandoverFrame) => channel.send(await writeFrame(frame));

/** The liar offers everything, and answers as it likes. */
async function offers(
  answer: (ask: Extract<HandoverFrame, { kind: "ask" }>) => HandoverFrame | undefined,
  reason: RoadReason = "asked",
): Promise<void> {
  const pair = meet(liar, firefox, reason);
  channel = pair.a;
  channel.onEnd((why) => ends.push(why));
  channel.onMessage(async (message) => {
    const frame = await readFrame(message);
    if (frame === undefined) return;
    heard.push(frame);
    const told = frame.kind === "ask" ? answer(frame) : undefined;
    if (told !== undefined) await say(told);
  });
  await say({ kind: "hello", history: true, since: 0 });
}

function record(n: number, more: Partial<MessageText> = {}): MessageText {
  const { id, chat, at } = row(n);
  return { id, chat, at, own: false, cipher: `77\nhash-${n}`, text: `lie ${n}`, ...more };
}

const answersWith = (answers: readonly Answer[]) => (ask: Extract<HandoverFrame, { kind: "ask" }>) =>
  ({ kind: "answers", ask: ask.ask, from: 0, answers }) as const;

const over = () => until(() => firefox.standing("taking", liar)?.state === "finished" || ends.length > 0);

describe("a giver that lies", () => {
  it("T28: overwrites no text that was opened here, whatever it is asked for", async () => {
    await firefox.put([row(1, { text: "mine" }), row(2)]);
    await offers(answersWith([record(1)]));
    await over();
    assert.deepEqual(await firefox.texts(), ["mine", "<before-device>"]);
  });

  it("makes no row, and moves no text to where it was not said", async () => {
    await firefox.put([row(1), row(2), row(3), row(4), row(5)]);
    const lies = [
      record(9),
      record(1, { chat: "carol@c.example" as BareJid }),
      record(2, { own: true }),
      record(3, { cipher: "78\nhash-3" }),
      record(4, { at: 5, cipher: "77\nanother" }),
    ];
    await offers(answersWith(lies));
    await over();
    assert.deepEqual(
      await firefox.texts(),
      Array.from({ length: 5 }, () => "<before-device>"),
    );
  });

  it("deletes no row by calling it a correction of another one", async () => {
    await firefox.put([row(1), row(2), row(3, { text: "three" }), row(4, { replaces: "origin-9", outgoing: true })]);
    const names = ["entry-2", "entry-3", "entry-4"];
    const lie = record(1, { text: "one", corrections: names, newest: "entry-3", correctedAt: 99 as Position });
    await offers((ask) => answersWith(ask.names.map(({ id }) => (id === "entry-1" ? lie : "nothing")))(ask));
    await over();
    const rows = await firefox.rows();
    assert.deepEqual(
      rows.map(({ id }) => id),
      ["entry-1", "entry-2", "entry-3", "entry-4"],
    );
    assert.deepEqual(await firefox.texts(), ["one", "<before-device>", "three", "<before-device>"]);
  });

  const LONE: readonly (readonly [string, Partial<MessageText>, string])[] = [
    ["of the same author", { by: "bob@c.example" }, "corrected"],
    ["of somebody else whose device has that number", { by: "eve@c.example" }, "<not-for-us>"],
    ["of nobody that is named", {}, "<not-for-us>"],
    ["that is no correction here", { by: "bob@c.example", newest: "entry-3" }, "<not-for-us>"],
  ];
  for (const [what, more, shown] of LONE) {
    it(`a text for a correction whose message is not here, ${what}: ${shown}`, async () => {
      const hole = {
        ...{ author: { nick: "bob", jid: "bob@c.example" as BareJid }, hidden: 0 as const },
        body: { kind: "reason", reason: "not-for-us" } as const,
      };
      await firefox.put([row(2, { ...hole, replaces: "origin-1" }), row(3, hole)]);
      const lie = record(1, { text: "corrected", corrections: ["entry-2"], newest: "entry-2", ...more });
      await offers((ask) => answersWith(ask.names.map(() => lie))(ask));
      await over();
      assert.deepEqual(ends, []);
      assert.equal((await firefox.texts())[more.newest === undefined ? 0 : 1], shown);
    });
  }

  const BREAKS: readonly (readonly [string, (ask: number) => HandoverFrame])[] = [
    ["answers what nobody asked", () => ({ kind: "answers", ask: 99, from: 0, answers: ["nothing"] })],
    ["leaves one out", (ask) => ({ kind: "answers", ask, from: 1, answers: ["nothing"] })],
    [
      "answers more than was asked",
      (ask) => ({ kind: "answers", ask, from: 0, answers: ["nothing", "nothing", "nothing"] }),
    ],
    ["answers nothing", (ask) => ({ kind: "answers", ask, from: 0, answers: [] })],
  ];
  for (const [what, lie] of BREAKS) {
    it(`loses the road where it ${what}, and nothing is filled in`, async () => {
      await firefox.put([row(1), row(2)]);
      await offers(({ ask }) => lie(ask));
      await until(() => ends.length > 0);
      assert.deepEqual(ends, ["broken"]);
      await until(() => firefox.standing("taking", liar)?.state === "away");
      assert.deepEqual(await firefox.texts(), ["<before-device>", "<before-device>"]);
    });
  }

  it("costs nobody else's record anything where one is none", async () => {
    await firefox.put([row(1), row(2)]);
    const bad = { ...record(2), text: "x".repeat(1_000_000) };
    await offers((ask) => answersWith(ask.names.map(({ id }) => (id === "entry-1" ? record(1) : bad)))(ask));
    await over();
    assert.deepEqual(await firefox.texts(), ["lie 1", "<before-device>"]);
    assert.equal(firefox.standing("taking", liar)?.gaps, 1);
  });

  it("is asked for what comes while a person has paused the taking of everything else", async () => {
    await firefox.put([row(1)]);
    await offers(() => undefined);
    const asked = () => heard.flatMap((frame) => (frame.kind === "ask" ? frame.names.map(({ id }) => id) : []));
    await until(() => asked().includes("entry-1" as EntryId));
    await firefox.handovers.act("taking", liar.device, "pause");
    liar.isOpen = true;
    firefox.reachable.set(liar.device, liar);
    await firefox.put([row(2, { body: { kind: "reason", reason: "not-for-us" }, hidden: 0, counted: 1 })]);
    await until(() => asked().includes("entry-2" as EntryId));
    assert.equal(firefox.standing("taking", liar)?.state, "paused");
  });

  it("T28: is not listened to where it is no older than this browser", async () => {
    await firefox.put([row(1)]);
    await offers(answersWith([record(1)]));
    await over();
    const younger = new OwnBrowser(3, "Safari", 9_000);
    meet(younger, firefox, "asked");
    assert.equal(firefox.standing("taking", younger), undefined);
  });
});

describe("a store that the browser has closed", () => {
  it("is not tried again and again before this engine has ended", async () => {
    await firefox.put([row(1)]);
    let asked: HandoverFrame | undefined;
    await offers((ask) => {
      asked = ask;
      return undefined;
    });
    await until(() => asked !== undefined);
    await firefox.store.close();
    let works = 0;
    const work = firefox.store.work.bind(firefox.store);
    firefox.store.work = (change) => {
      works += 1;
      return work(change);
    };
    await say({ kind: "answers", ask: 1, from: 0, answers: [record(1)] });
    await until(() => works > 0);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.ok(works < 20, `${works} tries`);
  });
});

describe("a browser that was not allowed the history", () => {
  it("gets nothing that is older than its key here, by whatever name it asks", async () => {
    await firefox.put([row(1, { text: "secret" }), row(3_000, { text: "since" })]);
    await firefox.store.work(async (unit) => {
      const address = `${ALICE}.${liar.device}`;
      unit.put("pins", {
        address,
        jid: ALICE,
        device: liar.device,
        identityKey: new Uint8Array(33),
        firstSeen: 2_000_000,
      });
    });
    await offers(() => undefined);
    const [one, later] = ["entry-1" as EntryId, "entry-3000" as EntryId];
    await say({ kind: "ask", ask: 1, names: [{ id: one }, { archive: `${ALICE}\narchive-1` }, { id: later }] });
    await until(() => heard.some(({ kind }) => kind === "answers"));
    const told = heard.find((frame): frame is Extract<HandoverFrame, { kind: "answers" }> => frame.kind === "answers");
    assert.deepEqual(
      told?.answers.map((answer) => (typeof answer === "string" ? answer : answer.text)),
      ["nothing", "nothing", "since"],
    );
    assert.equal(firefox.standing("giving", liar), undefined);
    assert.equal((await firefox.rows())[0]?.chat, BOB);
  });

  it("gets nothing at all where its key is not known", async () => {
    await firefox.put([row(1, { text: "secret" })]);
    await offers(() => undefined);
    await say({ kind: "begin", of: 5 });
    await say({ kind: "ask", ask: 1, names: [{ id: "entry-1" as EntryId }] });
    await until(() => heard.some(({ kind }) => kind === "answers"));
    assert.deepEqual(
      heard.flatMap((frame) => (frame.kind === "answers" ? frame.answers : [])),
      ["nothing"],
    );
  });

  it("gets nothing more by calling its own road one that the history was allowed on", async () => {
    await firefox.put([row(1, { text: "secret" })]);
    await offers(() => undefined, "allowed-with-history");
    await say({ kind: "ask", ask: 1, names: [{ id: "entry-1" as EntryId }] });
    await until(() => heard.some(({ kind }) => kind === "answers"));
    assert.deepEqual(
      heard.flatMap((frame) => (frame.kind === "answers" ? frame.answers : [])),
      ["nothing"],
    );
    assert.ok(heard.every((frame) => frame.kind !== "hello" || !frame.history));
  });

  it("T28: gets nothing by another key than the one that the person has allowed everything", async () => {
    await firefox.put([row(1, { text: "secret" })]);
    const shows = (byte: number) =>
      firefox.store.work(async (unit) => {
        const address = `${ALICE}.${liar.device}`;
        const identityKey = new Uint8Array(33).fill(byte);
        unit.put("pins", { address, jid: ALICE, device: liar.device, identityKey, firstSeen: 2_000_000 });
      });
    await shows(1);
    firefox.handovers.allow(liar.device);
    await until(() => firefox.standing("giving", liar) !== undefined);
    const answer = async () => {
      heard = [];
      await offers(() => undefined);
      await say({ kind: "ask", ask: 1, names: [{ id: "entry-1" as EntryId }] });
      await until(() => heard.some(({ kind }) => kind === "answers"));
      return heard.flatMap((frame) => (frame.kind === "answers" ? frame.answers : []))[0];
    };
    await shows(2);
    assert.equal(await answer(), "nothing");
    await shows(1);
    const given = await answer();
    assert.equal(typeof given === "object" && given.text, "secret");
  });

  it("may have four questions under way, and no more", async () => {
    const { database } = firefox.store;
    const parts = { database, maxBytes: 90_000, may: () => true, gave: () => undefined, failed: () => undefined };
    const answerer = new Answerer({ ...parts, send: () => new Promise<void>(() => undefined) });
    const ask = () => answerer.ask({ ask: 1, names: [{ id: "entry-1" as EntryId }] });
    for (let asked = 0; asked < UNDER_WAY; asked += 1) ask();
    assert.throws(ask, RangeError);
    answerer.end();
  });
});
