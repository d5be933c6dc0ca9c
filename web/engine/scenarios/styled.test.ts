/** How a text asks to be shown, beside the text. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, type Fixture, twoPeople } from "../testing/fixture.ts";

let fixture: Fixture;
let alice: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice } = await twoPeople());
});

afterEach(() => fixture.end());

const said = (text: string, more: object) =>
  fixture.object(ALICE).deliver({
    chat: BOB,
    sender: BOB as BareJid,
    content: { kind: "clear", text },
    ...more,
  });

it("a text that asks to be shown as it is written says so to the page and to the list, until a correction does not", async () => {
  said("2 *3* 4", { originId: "m1", unstyled: true });
  await until(async () => (await alice.items(BOB)).length === 1);
  assert.equal((await alice.items(BOB))[0]?.unstyled, true);
  const row = () => alice.engine.snapshot().chats.find(({ jid }) => jid === BOB);
  assert.equal(row()?.last?.unstyled, true);
  said("2 *4* 4", { originId: "m2", replaces: "m1" });
  await until(async () => (await alice.items(BOB))[0]?.edited === true);
  const items = await alice.items(BOB);
  assert.deepEqual([items.length, items[0]?.unstyled, row()?.last?.unstyled], [1, undefined, undefined]);
});
