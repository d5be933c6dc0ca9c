/** What a push shows, whatever becomes of reading it. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { type Notice, type Rung, showPushed } from "./show-pushed.ts";

const BOB = "bob@b.example" as BareJid;
const noticeOf = (title: string, tag = title): Notice => ({ title, options: { tag, data: { chat: tag } } });
const [LAST, OTHERWISE, HELLO] = [noticeOf("last", "alcove"), noticeOf("otherwise", "alcove"), noticeOf("hello", BOB)];

let standing: { title: string; tag: string; data: unknown }[];
let fails: { list: boolean; show: boolean };

beforeEach(() => {
  [standing, fails] = [[], { list: false, show: false }];
  console.error = () => undefined;
});

const shown = {
  getNotifications: async () => {
    if (fails.list) throw new TypeError("no");
    return standing.map((one) => ({
      ...one,
      close: () => {
        standing = standing.filter((other) => other !== one);
      },
    })) as unknown as Notification[];
  },
  showNotification: async (title: string, { tag = "", data }: NotificationOptions = {}) => {
    if (fails.show) throw new TypeError("no");
    standing = [...standing.filter((one) => one.tag !== tag), { title, tag, data }];
  },
};

const rungOf = (more: Partial<Rung> = {}): Rung => ({ show: [], over: [], otherwise: OTHERWISE, ...more });
const push = (read: Parameters<typeof showPushed>[0], withinMs?: number) =>
  showPushed(read, shown, async () => LAST, withinMs);
const titles = () => standing.map(({ title }) => title);
const never = () => new Promise<void>(() => undefined);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A promise, and what settles it. */
function door(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const CASES: readonly (readonly [string, () => Promise<void>, readonly string[]])[] = [
  ["what was read is shown", () => push((show) => show(rungOf({ show: [HELLO] }))), ["hello"]],
  ["of nothing to show it is said that there may be something", () => push((show) => show(rungOf())), ["otherwise"]],
  ["what cannot be read is said in other words", () => push(() => Promise.reject(new TypeError("no"))), ["last"]],
  [
    "so is what throws at once",
    () =>
      push(() => {
        throw new TypeError("no");
      }),
    ["last"],
  ],
  ["so is what nobody could read", () => push(async () => undefined), ["last"]],
];
for (const [situation, run, expected] of CASES)
  test(situation, async () => {
    await run();
    assert.deepEqual(titles(), expected);
  });

test("where one stands there of before, nothing is added to it; what was read goes, and nothing else comes for it", async () => {
  await push((show) => show(rungOf({ show: [HELLO] })));
  await push((show) => show(rungOf()));
  assert.deepEqual(titles(), ["hello"]);
  await push((show) => show(rungOf({ over: [BOB] })));
  assert.deepEqual(titles(), []);
});

test("a browser that cannot list its notifications shows what there is all the same", async () => {
  fails.list = true;
  await push((show) => show(rungOf({ show: [HELLO] })));
  assert.deepEqual(titles(), ["hello"]);
});

test("what shows no notification, though it was read, falls back and fails for nobody", async () => {
  fails.show = true;
  await push((show) => show(rungOf({ show: [HELLO] })));
  assert.deepEqual(titles(), []);
});

test("what takes too long is not waited for, and takes the place of the fallback when it is read", async () => {
  const { promise: late, resolve: read } = door();
  const done = push(async (show) => {
    await late;
    await show(rungOf({ show: [HELLO] }));
  }, 1);
  await pause(10);
  assert.deepEqual(titles(), ["last"]);
  read();
  await done;
  assert.deepEqual(titles(), ["hello"]);
});

test("it is shown before what is done after it, and the push lasts until that is done", async () => {
  const { promise: told, resolve: tell } = door();
  let over = false;
  const done = push(async (show) => {
    await show(rungOf({ show: [HELLO] }));
    await told;
    over = true;
  }, 1);
  await pause(10);
  assert.deepEqual([titles(), over], [["hello"], false]);
  tell();
  await done;
  assert.equal(over, true);
});

test("who never ends has the fallback shown", async () => {
  void push(never, 1);
  await pause(10);
  assert.deepEqual(titles(), ["last"]);
});
