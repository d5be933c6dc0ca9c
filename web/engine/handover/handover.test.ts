/** One own browser hands another one what that cannot read: over roads in memory, with real stores. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BareJid, EntryId, Position } from "../../../worker/contract/names.ts";
import { mayHaveAll } from "../omemo/permission.ts";
import type { EngineEvent } from "../protocol/engine.ts";
import type { MessageRow } from "../store/conversation-rows.ts";
import { putMessage } from "../store/messages.ts";
import type { Asker } from "./asker.ts";
import { Needs } from "./needs.ts";
import { ALICE, BOB, meet, OwnBrowser, row, until } from "./testing/own-browser.ts";

const CAROL = "carol@c.example" as BareJid;

let chrome: OwnBrowser;
let firefox: OwnBrowser;

beforeEach(async () => {
  chrome = new OwnBrowser(1, "Chrome on Mac", 1_000);
  firefox = new OwnBrowser(2, "Firefox on Linux", 2_000);
  await chrome.open();
  await firefox.open();
});

afterEach(async () => {
  await chrome.close();
  await firefox.close();
});

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n + 1);
const finished = (from: OwnBrowser = chrome) =>
  until(
    () => ["finished", "nothing"].includes(firefox.standing("taking", from)?.state ?? ""),
    () => JSON.stringify(firefox.standing("taking", from) ?? "nothing is taken"),
  );

describe("a browser that was let in with the history", () => {
  it("has the texts of all that it could not read, and says from where", async () => {
    await chrome.put(numbers(350).map((n) => row(n, { text: `text ${n}` })));
    await firefox.put(numbers(350).map((n) => row(n)));
    meet(chrome, firefox, "allowed-with-history");
    await finished();
    assert.deepEqual(await firefox.texts(), await chrome.texts());
    const { state, done, of, gaps } = firefox.standing("taking", chrome) ?? assert.fail("nothing is said");
    assert.deepEqual({ state, done, of, gaps }, { state: "finished", done: 350, of: 350, gaps: 0 });
    await until(() => chrome.standing("giving", firefox)?.state === "finished");
    assert.equal(chrome.standing("giving", firefox)?.done, 350);
    const rows = await firefox.rows();
    assert.ok(rows.every(({ hidden, handedBy }) => hidden === 0 && handedBy !== undefined));
    assert.equal(firefox.store.cache.chats.get(BOB)?.last?.position, 3_500, "the list shows the newest");
  });

  it("has been allowed it whoever opens the road, before it is there or while it is", async () => {
    await chrome.put(numbers(3).map((n) => row(n, { text: `text ${n}` })));
    await firefox.put(numbers(3).map((n) => row(n)));
    const pair = meet(firefox, chrome, "asked");
    chrome.handovers.allow(firefox.device);
    await finished();
    assert.deepEqual(await firefox.texts(), ["text 1", "text 2", "text 3"]);
    pair.cut();
    const safari = new OwnBrowser(3, "Safari on iPhone", 9_000);
    await safari.open();
    await safari.put([row(1)]);
    chrome.handovers.allow(safari.device);
    await until(() => chrome.standing("giving", safari) !== undefined);
    meet(safari, chrome, "asked");
    await until(async () => (await safari.texts())[0] === "text 1");
    await safari.close();
  });

  it("asks for the newest of each conversation first", async () => {
    const chats = [BOB, CAROL];
    const rows = chats.flatMap((chat, which) =>
      numbers(250).map((n) => row(n + which * 1_000, { chat, text: `${n}`, position: (n * 10) as Position })),
    );
    await chrome.put(rows);
    await firefox.put(rows.map((one) => row(Number(one.id?.slice(6)), { chat: one.chat, position: one.position })));
    const order: MessageRow[] = [];
    firefox.store.onCommit(({ messages }) => {
      for (const { rows: filled } of messages.values()) order.push(...filled);
    });
    meet(chrome, firefox, "allowed-with-history");
    await finished();
    for (const chat of chats) {
      const places = order.flatMap((one, at) => (one.chat === chat && one.position > 2_000 ? [at] : []));
      assert.equal(places.length, 50);
      assert.ok(Math.max(...places) < 300, `the screen of ${chat} came by ${Math.max(...places)}`);
    }
  });

  it("is given nothing where it was only let in, but what was written since", async () => {
    await chrome.put([row(1, { text: "before" }), row(2_000, { text: "since" })]);
    await chrome.store.work(async (unit) => {
      const address = `${ALICE}.${firefox.device}`;
      const identityKey = new Uint8Array(33);
      unit.put("pins", { address, jid: ALICE, device: firefox.device, identityKey, firstSeen: 1_500_000 });
    });
    const reason = { kind: "reason", reason: "not-for-us" } as const;
    await firefox.put([row(1, { body: reason, hidden: 0 }), row(2_000, { body: reason, hidden: 0 })]);
    firefox.reachable.set(chrome.device, chrome);
    meet(chrome, firefox, "allowed");
    await until(async () => (await firefox.texts())[1] === "since");
    assert.deepEqual(await firefox.texts(), ["<not-for-us>", "since"]);
    assert.equal(firefox.standing("taking", chrome), undefined);
  });

  it("keeps every text that was opened here, and everything else of its row", async () => {
    await chrome.put([row(1, { text: "theirs" }), row(2, { text: "two" })]);
    const asked = { at: 5, state: "read" } as const;
    const mine = row(1, { text: "mine" });
    await firefox.put([mine, row(2, { ...asked, at: 1_002_000, outgoing: false })]);
    meet(chrome, firefox, "allowed-with-history");
    await finished();
    assert.deepEqual(await firefox.texts(), ["mine", "two"]);
    const [one, two] = await firefox.rows();
    assert.equal(one?.handedBy, undefined);
    assert.equal(two?.state, "read");
  });

  it("says how many nobody could read, and asks the next browser for those", async () => {
    const safari = new OwnBrowser(3, "Safari on Mac", 500);
    await safari.open();
    await chrome.put([row(1), row(2, { text: "two" }), row(3, { text: "three" })]);
    await safari.put([row(1, { text: "one" }), row(2, { text: "two" })]);
    await firefox.put([row(1), row(2), row(3), row(4)]);
    meet(chrome, firefox, "allowed-with-history");
    await finished();
    assert.deepEqual(await firefox.texts(), ["<before-device>", "two", "three", "<before-device>"]);
    assert.equal(firefox.standing("taking", chrome)?.gaps, 2);
    meet(safari, firefox, "allowed-with-history");
    await finished(safari);
    assert.deepEqual(await firefox.texts(), ["one", "two", "three", "<before-device>"]);
    assert.deepEqual([firefox.standing("taking", safari)?.done, firefox.standing("taking", safari)?.gaps], [1, 1]);
    await safari.close();
  });

  it("both say so where the other one was signed out before all was there", async () => {
    await chrome.put(numbers(350).map((n) => row(n, { text: `text ${n}` })));
    await firefox.put(numbers(350).map((n) => row(n)));
    const pair = meet(chrome, firefox, "allowed-with-history");
    await until(() => (firefox.standing("taking", chrome)?.done ?? 0) > 0);
    pair.cut();
    chrome.browsers.push(chrome.info);
    firefox.browsers.push(firefox.info);
    await until(() => firefox.standing("taking", chrome)?.state === "left");
    await until(() => chrome.standing("giving", firefox)?.state === "left");
    const texts = (await firefox.texts()).filter((text) => text.startsWith("text"));
    assert.equal(texts.length, firefox.standing("taking", chrome)?.done, "what was there stays");
  });

  it("says that it was stopped there, also where nobody could be told of it then", async () => {
    await chrome.put(numbers(350).map((n) => row(n, { text: `text ${n}` })));
    await firefox.put(numbers(350).map((n) => row(n)));
    const pair = meet(chrome, firefox, "allowed-with-history");
    await until(() => (firefox.standing("taking", chrome)?.done ?? 0) > 0);
    pair.cut();
    await until(() => firefox.standing("taking", chrome)?.state === "away");
    await chrome.handovers.act("giving", firefox.device, "cancel");
    meet(chrome, firefox, "asked");
    await until(() => firefox.standing("taking", chrome)?.state === "cancelled-there");
    assert.equal(chrome.standing("giving", firefox)?.state, "cancelled");
  });

  for (const [disk, unsaved] of [
    ["took nothing", true],
    ["had no room", "for-more"],
  ] as const)
    it(`is given no more where the disk ${disk} as it was stopped, and never again`, async () => {
      await chrome.put(numbers(350).map((n) => row(n, { text: `text ${n}` })));
      await firefox.put(numbers(350).map((n) => row(n)));
      const pair = meet(chrome, firefox, "allowed-with-history");
      await until(() => (firefox.standing("taking", chrome)?.done ?? 0) > 0);
      pair.cut();
      await until(() => firefox.standing("taking", chrome)?.state === "away");
      // So it never has all of it.
      firefox.full = true;
      await until(() => chrome.standing("giving", firefox)?.state === "away");
      meet(chrome, firefox, "asked");
      await until(() => chrome.standing("giving", firefox)?.state === "going");
      chrome.full = unsaved;
      const answer = await chrome.handovers.act("giving", firefox.device, "cancel");
      // Where even what allowed it could not be deleted, it is said.
      assert.equal(answer.ok, unsaved !== true);
      if (!answer.ok) assert.deepEqual(answer.error, { kind: "storage-full" });
      assert.equal(chrome.standing("giving", firefox)?.state, "cancelled");
      await until(() => firefox.standing("taking", chrome)?.state === "cancelled-there");
      if (unsaved === true) {
        // It is written down as soon as there is room.
        chrome.full = false;
        const key = `handover:giving:${firefox.device}`;
        await until(async () => {
          const kept = (await chrome.store.database.get("notices", key))?.notice;
          return kept?.kind === "handover" && kept.state === "cancelled";
        });
      }
      await chrome.close();
      await chrome.open();
      assert.equal(mayHaveAll(chrome.store.cache, ALICE, firefox.device), false);
      assert.ok(["cancelled", undefined].includes(chrome.standing("giving", firefox)?.state));
    });

  it("says so where nothing was missing", async () => {
    await chrome.put([row(1, { text: "one" })]);
    await firefox.put([row(1, { text: "one" })]);
    meet(chrome, firefox, "allowed-with-history");
    await finished();
    assert.equal(firefox.standing("taking", chrome)?.state, "nothing");
  });

  it("finds messages of another log by what their archive and their ciphertext are called", async () => {
    await chrome.put([row(1, { text: "one", id: "old-1" as EntryId, epoch: "before" })]);
    await firefox.put([row(1)]);
    meet(chrome, firefox, "allowed-with-history");
    await finished();
    assert.deepEqual(await firefox.texts(), ["one"]);
  });

  it("takes long texts, in as many messages as the road wants", async () => {
    const long = numbers(20).map((n) => row(n, { text: `${n} ${crypto.randomUUID().repeat(300)}` }));
    await chrome.put(long);
    await firefox.put(numbers(20).map((n) => row(n)));
    meet(chrome, firefox, "allowed-with-history", 20_000);
    await finished();
    assert.deepEqual(await firefox.texts(), await chrome.texts());
  });
});

describe("what came of a message", () => {
  it("comes with its text: corrections end in the message, reactions to them as well, answers show what they answer", async () => {
    const corrected = {
      text: "hello",
      edited: true,
      editedAt: 1_002_000,
      correctedAt: 20 as Position,
      correctedIn: "log",
      correctedBy: "entry-2",
      corrections: ["entry-2", `${BOB}\norigin-2`, `${ALICE}\narchive-2`],
      earlier: [{ text: "helo", at: 1_001_000 }],
    } as const;
    const quote = { key: "entry-1", outgoing: false, text: "hello" };
    await chrome.put([row(1, corrected), row(3, { text: "hello yourself", outgoing: true, quote, state: "read" })]);
    const reactions = [{ actor: ALICE, own: true, emojis: ["👍"], position: 25 as Position, epoch: "log" }];
    const own = { key: "client-3", outgoing: true, state: "read" } as const;
    await firefox.put([row(1), row(2, { replaces: "origin-1", reactions }), row(3, own)]);
    meet(chrome, firefox, "allowed-with-history");
    await finished();
    const [one, three, ...more] = await firefox.rows();
    assert.deepEqual(more, []);
    assert.deepEqual(
      [one?.body, one?.edited, one?.earlier, one?.editedAt],
      [{ kind: "text", text: "hello" }, true, corrected.earlier, corrected.editedAt],
    );
    assert.deepEqual([one?.correctedAt, one?.correctedIn, one?.correctedBy], [20, "log", "entry-2"]);
    assert.deepEqual(one?.reactions, reactions);
    assert.deepEqual(three?.quote, quote);
  });

  it("corrects what was opened here where only the correction is missing", async () => {
    const names = ["entry-2", `${BOB}\norigin-2`];
    await chrome.put([
      row(1, { text: "new", edited: true, correctedAt: 20 as Position, correctedBy: "entry-2", corrections: names }),
    ]);
    await firefox.put([row(1, { text: "old" }), row(2, { replaces: "origin-1" })]);
    meet(chrome, firefox, "allowed-with-history");
    await finished();
    assert.deepEqual(await firefox.texts(), ["new"]);
    const [only] = await firefox.rows();
    assert.deepEqual(
      only?.earlier?.map(({ text }) => text),
      ["old"],
    );
  });

  it("stays taken back where it was taken back", async () => {
    await chrome.put([row(1, { text: "secret", retracted: {}, counted: 0 })]);
    await firefox.put([row(1, { retracted: {} })]);
    meet(chrome, firefox, "allowed-with-history");
    await finished();
    const [only] = await firefox.rows();
    assert.deepEqual([only?.retracted, only?.counted], [{}, 0]);
  });
});

describe("rows that cannot be read", () => {
  const reason = (which: "not-for-us" | "broken-session" | "untrusted") =>
    ({ body: { kind: "reason", reason: which }, hidden: 0, counted: 1 }) as const;

  beforeEach(async () => {
    firefox.reachable.set(chrome.device, chrome);
    await chrome.store.work(async (unit) => {
      const address = `${ALICE}.${firefox.device}`;
      unit.put("pins", { address, jid: ALICE, device: firefox.device, identityKey: new Uint8Array(33), firstSeen: 0 });
    });
  });

  it("ask own browsers as they come, and say so meanwhile", async () => {
    await chrome.put([row(1, { text: "one" })]);
    await firefox.put([row(1, reason("not-for-us"))]);
    await until(async () => (await firefox.texts())[0] === "one");
    const asking = firefox.events.flatMap((event) => (event.type === "messages" ? event.items : []));
    assert.ok(asking.some((item) => item.asking === true));
  });

  it("say only what is known where nobody has it", async () => {
    await chrome.put([row(1, reason("broken-session"))]);
    await firefox.put([row(1, reason("not-for-us"))]);
    const told = () =>
      firefox.events.filter((event): event is Extract<EngineEvent, { type: "messages" }> => event.type === "messages");
    await until(() => told().length >= 2);
    assert.deepEqual(
      told().map(({ items }) => items[0]?.asking),
      [true, undefined],
    );
  });

  it("are shown as they are when nobody has it, whatever was said of them meanwhile", async () => {
    await firefox.put([row(1, reason("not-for-us"))]);
    const liked = { actor: BOB, own: false, emojis: ["👍"], position: 99 as Position };
    const { key } = row(1);
    const events: EngineEvent[] = [];
    const needs = new Needs(firefox.store, (event) => events.push(event));
    firefox.store.onCommit((touched) => void needs.see(touched, false));
    await needs.look();
    await needs.ask(chrome.device, {
      ended: false,
      ask: async () => {
        await firefox.store.work(async (unit) => {
          const before = await unit.get("messages", key);
          if (before !== undefined) await putMessage(unit, { ...before, reactions: [liked] }, { row: before });
        });
        return { how: "answered", filled: 0, unknown: [], left: [] };
      },
    } as unknown as Asker);
    const told = events.flatMap((event) => (event.type === "messages" ? event.items : []));
    assert.deepEqual(
      told.map(({ asking, reactions }) => [asking, reactions?.length ?? 0]),
      [
        [true, 0],
        [undefined, 1],
      ],
    );
  });

  it("are asked of each browser by itself: one that says nothing holds no other up", async () => {
    const silent = new OwnBrowser(3, "Safari on iPhone", 500);
    silent.isOpen = true;
    firefox.reachable.clear();
    firefox.reachable.set(silent.device, silent);
    await chrome.put([row(1, { text: "one" })]);
    await firefox.put([row(1, reason("not-for-us"))]);
    await until(() => firefox.events.some((event) => event.type === "messages" && event.items[0]?.asking === true));
    firefox.reachable.set(chrome.device, chrome);
    await until(async () => (await firefox.texts())[0] === "one");
  });

  it("are asked of a browser that comes later", async () => {
    firefox.reachable.clear();
    await firefox.put([row(1, reason("not-for-us"))]);
    await chrome.put([row(1, { text: "one" })]);
    firefox.reachable.set(chrome.device, chrome);
    await until(async () => (await firefox.texts())[0] === "one");
  });

  it("are not asked for where a person has to decide", async () => {
    await chrome.put([row(1, { text: "one" }), row(2, { text: "two" })]);
    await firefox.put([row(1, reason("untrusted")), row(2, reason("not-for-us"))]);
    await until(async () => (await firefox.texts())[1] === "two");
    assert.deepEqual(await firefox.texts(), ["<untrusted>", "two"]);
  });
});
