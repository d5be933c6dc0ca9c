import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClientId } from "../../worker/contract/names.ts";
import { drop } from "../../worker/shared/drop.ts";
import { type ArchivedAccount, ME, message, numbers, settled, texts } from "../testing/archive.ts";

const SHORT_MS = 5;

/** As if the archive needed so long that people are shown what is new. */
async function impatient(account: ArchivedAccount): Promise<void> {
  await account.archive.begin(SHORT_MS);
}

/** Presence that the server takes when it is told to: `before` sends it, `asked` settles then. */
function presence() {
  let taken: () => void = () => undefined;
  let ask: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const answer = new Promise<void>((resolve) => {
    taken = resolve;
  });
  const before = () => {
    ask();
    return answer;
  };
  return { taken, asked, before };
}

test("after a long absence the newest page is shown first, behind a gap that is filled in order", async () => {
  const account = await settled();
  account.keep(...numbers(11, 1_010));
  account.onPage = (page) => {
    if (page === 5) assert.deepEqual(account.seen().slice(209), ["210", "open:catching-up", ...texts(911, 1_010)]);
  };
  await account.catchUp();
  assert.deepEqual(account.seen(), [...texts(1, 910), "filled:catching-up", ...texts(911, 1_010)]);
});

test("where the newest page joins what is here, there is no gap", async () => {
  const account = await settled();
  account.keep(...numbers(11, 250));
  await account.catchUp();
  assert.deepEqual(account.seen(), texts(1, 250));
});

test("own messages at the head of the newest page, accepted before the absence, do not hide what is missing before it", async () => {
  const account = await settled();
  const { log } = account.stores;
  const own = numbers(1, 3).map((n) => ({
    ...message(2_000 + n),
    ...{ sender: ME, outgoing: true, originId: `client-${n}` as ClientId },
  }));
  for (const { archive: _, ...accepted } of own) account.stores.turn(() => log.message(accepted));
  account.keep(...numbers(11, 300));
  for (const [index, event] of own.entries()) account.kept.push({ id: `a${2_001 + index}`, events: [event] });
  account.keep(...numbers(301, 397));
  await account.catchUp();
  const ownTexts = texts(2_001, 2_003);
  assert.deepEqual(account.messages(), [...texts(1, 10), ...ownTexts, ...texts(11, 397)]);
});

test("a stream that ends while the newest are shown and older ones missing: the next one fills the same gap", async () => {
  const account = await settled();
  account.keep(...numbers(11, 1_010));
  account.onPage = (page) => {
    account.live = page < 6;
  };
  await assert.rejects(account.catchUp(), /stream ended/);
  account.reset();
  account.live = true;
  account.onPage = () => undefined;
  await account.catchUp();
  assert.deepEqual(account.seen(), [...texts(1, 910), "filled:catching-up", ...texts(911, 1_010)]);
});

test("a slow archive: live messages are shown behind a visible gap, which is filled before it", async () => {
  const account = await settled();
  account.keep(...numbers(11, 220));
  const shown = impatient(account);
  account.receive(message(221));
  await shown;
  assert.deepEqual(account.seen(), [...texts(1, 10), "open:catching-up", "221"]);
  account.receive(message(222));
  account.keep(221, 222, 223);
  const before = account.entries();
  account.archive.settle(await account.archive.read());
  assert.deepEqual(account.seen(), [...texts(1, 220), "filled:catching-up", ...texts(221, 223)]);
  assert.deepEqual(account.entries().slice(0, before.length), before, "what was delivered has not moved");
});

test("a second absence while a gap is open: each gap gets what belongs to it", async () => {
  const account = await settled();
  account.keep(...numbers(11, 220));
  await impatient(account);
  account.receive(message(221), message(222));
  account.keep(221, 222);
  account.onPage = (page) => {
    account.live = page < 3;
  };
  await assert.rejects(account.archive.read(), /stream ended/);
  account.reset();
  account.live = true;
  account.onPage = () => undefined;
  account.keep(...numbers(223, 230));
  await impatient(account);
  account.receive(message(231));
  account.keep(231);
  account.archive.settle(await account.archive.read());
  const gap = "filled:catching-up";
  assert.deepEqual(account.seen(), [...texts(1, 220), gap, "221", "222", ...texts(223, 230), gap, "231"]);
});

test("an own message among what was missing does not end the gap: it stands where it was accepted", async () => {
  const account = await settled();
  const own = { ...message(50), sender: ME, outgoing: true, originId: "client" as ClientId };
  const { archive: _, ...accepted } = own;
  account.keep(11, 12);
  account.kept.push({ id: "a50", events: [own] });
  account.keep(13, 14);
  await impatient(account);
  account.receive(message(15));
  account.stores.turn(() => account.stores.log.message(accepted));
  account.keep(15);
  account.archive.settle(await account.archive.read());
  assert.deepEqual(account.seen(), [...texts(1, 14), "filled:catching-up", "15", "50"]);
});

test("two absences with nothing between them are one gap", async () => {
  const account = await settled();
  await impatient(account);
  account.reset();
  await impatient(account);
  assert.deepEqual(account.seen(), [...texts(1, 10), "open:catching-up"]);
});

test("others see us before a gap is shown: what is said to us from then on is not in the archive alone", async () => {
  const account = await settled();
  const gaps = () => account.seen().filter((text) => text.includes(":")).length;
  const { taken, asked, before } = presence();
  const shown = account.archive.begin(SHORT_MS, before);
  await asked;
  await sleep(2 * SHORT_MS);
  assert.equal(gaps(), 0, "the server has not taken our presence yet");
  taken();
  await shown;
  assert.equal(account.seen().at(-1), "open:catching-up");
});

test("no gap is shown where the archive was read while others were about to see us, or the stream ended", async () => {
  for (const end of [
    async (account: ArchivedAccount) => account.archive.settle(await account.archive.read()),
    async (account: ArchivedAccount) => {
      account.live = false;
    },
    async (account: ArchivedAccount) => account.archive.hold(),
  ]) {
    const account = await settled();
    const { taken, asked, before } = presence();
    drop(account.archive.begin(SHORT_MS, before));
    await asked;
    await end(account);
    taken();
    await sleep(SHORT_MS);
    assert.deepEqual(account.seen(), texts(1, 10));
  }
});
