/** Messages that are made to be a burden, and those of others that come behind them (S1). What is counted is work, not time. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, type Fixture, twoPeople } from "../testing/fixture.ts";
import { delivers, hostileMessage } from "../testing/hostile-messages.ts";

const EVE = "eve@x.example" as BareJid;
/** Steps that everything before bob's text may have cost: the honest messages, and what one turn allows in vain. */
const BEFORE_OTHERS = 200;

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;
let eve: TestBrowser;
let steps: { readonly count: () => number };

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoPeople());
  eve = await fixture.browser(EVE);
  await fixture.acquaint(alice, bob);
});

afterEach(async () => {
  mock.restoreAll();
  await fixture.end();
});

/** Counts the steps of symmetric ratchets from now on: each derives the next chain key by a 2. */
function counting(): void {
  const sign = mock.method(crypto.subtle, "sign");
  const isStep = ([algorithm, , data]: readonly unknown[]) =>
    typeof algorithm === "object" && data instanceof Uint8Array && data.length === 1 && data[0] === 2;
  steps = { count: () => sign.mock.calls.filter(({ arguments: args }) => isStep(args)).length };
}

const to = () => ({ object: fixture.object(ALICE), device: alice.device });

async function bobIsRead(text: string): Promise<number> {
  await bob.send({ chat: ALICE, text });
  await until(async () => (await alice.texts(BOB)).at(-1) === text);
  return steps.count();
}

const reasons = async (chat: BareJid) => (await alice.texts(chat)).filter((text) => text.startsWith("<"));

describe("S1: hundreds of keys for one device in one message", () => {
  it("S1: of a stranger cost nothing before their device was looked up, and what two keys cost then", async () => {
    const omemo = await hostileMessage(eve, to(), 200, "prekey");
    counting();
    delivers(fixture.object(ALICE), EVE, omemo);
    assert.ok((await bobIsRead("at once")) < BEFORE_OTHERS, `${steps.count()} steps`);
    await until(async () => (await reasons(EVE)).join() === "<broken-session>");
    assert.ok(steps.count() < 3 * 1_001, `${steps.count()} steps`);
  });

  it("S1: of somebody who is known hold up nobody else, whether they open sessions or not", async () => {
    await fixture.acquaint(alice, eve);
    const hostile = [await hostileMessage(eve, to(), 200, "prekey"), await hostileMessage(eve, to(), 200, "signal")];
    counting();
    for (const omemo of hostile) delivers(fixture.object(ALICE), EVE, omemo);
    assert.ok((await bobIsRead("at once")) < BEFORE_OTHERS, `${steps.count()} steps`);
    await until(async () => (await reasons(EVE)).join() === "<broken-session>,<broken-session>");
    assert.ok(steps.count() < 5 * 1_001, `${steps.count()} steps`);
  });

  it("S1: leave the session of their sender usable: the next true text is read", async () => {
    await fixture.acquaint(alice, eve);
    delivers(fixture.object(ALICE), EVE, await hostileMessage(eve, to(), 200, "signal"));
    await eve.send({ chat: ALICE, text: "true" });
    await until(async () => (await alice.texts(EVE)).at(-1) === "true");
  });
});

describe("S1: many such messages", () => {
  it("S1: in one page are put off, and worked on in turn with what others have sent", async () => {
    const carol = await fixture.browser(CAROL);
    await fixture.acquaint(alice, eve);
    await fixture.acquaint(alice, carol);
    const flood = [];
    for (let at = 0; at < 12; at += 1) flood.push(await hostileMessage(eve, to(), 2, "prekey"));
    const late = await fixture.withheld(carol, ALICE, "lost 0");
    for (let at = 1; at < 80; at += 1) await fixture.withheld(carol, ALICE, `lost ${at}`);
    const far = await fixture.withheld(carol, ALICE, "far ahead");
    alice.remote.cut();
    counting();
    for (const omemo of flood) delivers(fixture.object(ALICE), EVE, omemo);
    delivers(fixture.object(ALICE), CAROL, far);
    delivers(fixture.object(ALICE), CAROL, late);
    await bob.send({ chat: ALICE, text: "behind all of them" });
    await until(() => fixture.object(ALICE).log.some(({ kind }) => kind === "message"));
    alice.remote.mend();
    await until(async () => (await alice.texts(BOB)).at(-1) === "behind all of them");
    assert.ok(steps.count() < 700, `${steps.count()} steps for a page of 14`);
    // Carol's own chain is far ahead as well; hers is not behind everything of eve's.
    await until(async () => (await alice.texts(CAROL)).includes("far ahead"));
    assert.ok((await reasons(EVE)).includes("<costly>"), "eve's are still being worked on");
    await until(async () => (await alice.texts(CAROL)).includes("lost 0"));
  });

  it("S1: what was put off is worked on after a restart, and its order with what is true does not matter", async () => {
    await fixture.acquaint(alice, bob);
    const first = await fixture.withheld(bob, ALICE, "first");
    for (let at = 1; at < 100; at += 1) await fixture.withheld(bob, ALICE, `lost ${at}`);
    const last = await fixture.withheld(bob, ALICE, "last");
    delivers(fixture.object(ALICE), BOB, last);
    delivers(fixture.object(ALICE), BOB, first);
    await alice.crash();
    await until(async () => {
      const texts = await alice.texts(BOB);
      return texts.includes("first") && texts.includes("last");
    });
  });
});
