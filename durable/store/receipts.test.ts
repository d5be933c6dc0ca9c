/** What is said about a message counts in the conversation that the message stands in, and from nobody else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../../worker/contract/entries.ts";
import type { BareJid, Seq } from "../../worker/contract/names.ts";
import type { StanzaEvent } from "../ingest/stanza-event.ts";
import { storesOf } from "../testing/stores.ts";

// After the hook that loads `.sql` files.
const { Applier } = await import("./apply.ts");

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const EVE = "eve@x.example" as BareJid;

/** Alice has written `mine` to Bob, and Bob `his` to her; Eve has written, too. */
function scene() {
  const stores = storesOf(ALICE);
  const applier = new Applier(stores);
  const take = (...events: readonly StanzaEvent[]) => stores.turn(() => applier.apply(events));
  const says = (chat: BareJid, sender: BareJid, originId: string): StanzaEvent => ({
    kind: "message",
    chat,
    sender,
    outgoing: sender === ALICE,
    at: Date.now(),
    originId,
    archive: { by: ALICE, id: `archived-${originId}` },
    content: { kind: "clear", text: originId },
  });
  take(says(BOB, ALICE, "mine"), says(BOB, BOB, "his"), says(EVE, EVE, "hers"));
  const entries = (): readonly Entry[] => stores.log.page(0 as Seq, 200).entries;
  const progress = () => entries().flatMap((entry) => (entry.kind === "progress" ? [entry.state] : []));
  const read = () => entries().flatMap((entry) => (entry.kind === "read" ? [entry.chat] : []));
  return { take, progress, read };
}

for (const [what, event] of [
  ["a receipt", { kind: "receipt", chat: EVE, of: "mine", state: "delivered" }],
  ["a marker of what has arrived", { kind: "receipt", chat: EVE, of: "mine", state: "delivered", upTo: true }],
  ["a marker of what was seen", { kind: "receipt", chat: EVE, of: "mine", state: "read", upTo: true }],
  ["a refusal", { kind: "bounce", chat: EVE, of: "mine", condition: "gone" }],
] as const) {
  test(`T21: ${what} from somebody else, about a message of another conversation, changes nothing`, () => {
    const { take, progress } = scene();
    take(event);
    assert.deepEqual(progress(), []);
    take({ ...event, chat: BOB });
    assert.equal(progress().length, 1, "of whom it was written to it counts");
  });
}

test("T21: what another app of ours has read of one conversation is not read in another", () => {
  const { take, read } = scene();
  for (const upTo of [{ origin: "his" }, { by: ALICE, id: "archived-his" }] as const) {
    take({ kind: "read-elsewhere", chat: EVE, upTo });
    assert.deepEqual(read(), []);
  }
  take({ kind: "read-elsewhere", chat: BOB, upTo: { origin: "his" } });
  assert.deepEqual(read(), [BOB]);
});

test("T21: a marker about a message that nobody has written changes nothing", () => {
  const { take, progress } = scene();
  take({ kind: "receipt", chat: BOB, of: "never", state: "read", upTo: true });
  assert.deepEqual(progress(), []);
});
