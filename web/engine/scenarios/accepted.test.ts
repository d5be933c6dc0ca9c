/** Somebody wrote who was no contact: what was read of it is told when they have become one. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, Fixture } from "../testing/fixture.ts";

const STRANGER = "stranger@c.example" as BareJid;

let fixture: Fixture;
let alice: TestBrowser;

beforeEach(async () => {
  fixture = new Fixture();
  alice = await fixture.browser(ALICE);
});

afterEach(() => fixture.end());

const object = () => fixture.object(ALICE);
const asks = ["delivered", "read"] as const;
const becomes = (subscription: "none" | "to" | "from" | "both") =>
  object().append({ kind: "contact", jid: STRANGER, subscription, asked: false, request: false } as never);
/** What the object was told of messages that were read; it decides itself whom it tells. */
const read = () =>
  object()
    .receipts.filter(({ state }) => state === "read")
    .map(({ message }) => message);

async function reads(count: number): Promise<void> {
  for (let n = 0; n < count; n++)
    object().deliver({ chat: STRANGER, sender: STRANGER, asks, content: { kind: "clear", text: `text ${n}` } });
  await alice.waitForTexts(
    STRANGER,
    Array.from({ length: count }, (_, n) => `text ${n}`),
  );
  const newest = (await alice.items(STRANGER)).at(-1);
  await alice.engine.read({ chat: STRANGER, position: newest?.position ?? (0 as never) });
  await until(() => read().length === 1);
}

it("once for the newest, by a browser that knows nothing of what was told before", async () => {
  await reads(3);
  const [told] = read();
  becomes("to");
  await fixture.hasReadAll(alice);
  assert.equal(read().length, 1, "they see nothing of us yet");
  becomes("both");
  await until(() => read().length === 2);
  assert.deepEqual(read(), [told, told]);
  becomes("from");
  await fixture.hasReadAll(alice);
  await fixture.quiet();
  assert.equal(read().length, 2);
});

it("nothing of what nobody has read", async () => {
  object().deliver({ chat: STRANGER, sender: STRANGER, asks, content: { kind: "clear", text: "unread" } });
  await alice.waitForTexts(STRANGER, ["unread"]);
  becomes("both");
  await fixture.hasReadAll(alice);
  await fixture.quiet();
  assert.deepEqual(read(), []);
});
