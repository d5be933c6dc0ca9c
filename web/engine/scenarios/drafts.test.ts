/** What stands unsent in a composer: kept in this browser, told nobody else. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { TestBrowser } from "../testing/browser.ts";
import { BOB, type Fixture, twoPeople } from "../testing/fixture.ts";

let fixture: Fixture;
let alice: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice } = await twoPeople());
});

afterEach(() => fixture.end());

const rowOf = (chat: BareJid) => alice.engine.snapshot().chats.find(({ jid }) => jid === chat);

describe("a draft", () => {
  it("U7: is in the row of its conversation, for this page, the next engine, and until it is taken away", async () => {
    await alice.engine.draft({ chat: BOB, draft: { text: "half a thought" } });
    assert.deepEqual(rowOf(BOB)?.draft, { text: "half a thought" });
    await alice.crash();
    assert.deepEqual(rowOf(BOB)?.draft, { text: "half a thought" });
    await alice.engine.draft({ chat: BOB, draft: undefined });
    assert.equal(rowOf(BOB)?.draft, undefined);
  });

  it("U7: leaves nothing behind in what the object knows", async () => {
    await alice.engine.draft({ chat: BOB, draft: { text: "half a thought" } });
    await alice.engine.draft({ chat: "carol@c.example" as BareJid, draft: { text: "half a thought" } });
    assert.doesNotMatch(
      JSON.stringify(fixture.network, (_key, value: unknown) => (value instanceof Map ? [...value] : value)),
      /half a thought/,
    );
  });
});
