import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReadingArguments } from "../../worker/contract/calls.ts";
import type { BareJid, EntryId, Position } from "../../worker/contract/names.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import type { Browser } from "../store/browser-row.ts";
import { storesOf } from "../testing/stores.ts";

// After the hook that loads `.sql` files.
const { takeReading } = await import("./reading.ts");

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const NOTHING: ReadingArguments = { delivered: [], read: [], positions: [] };
const BROWSER = { id: "browser", firstSeen: 0 } as unknown as Browser;

/** A message of Bob's that asks for everything; he is a contact. `told`: what is written to the stream. */
function scene({ caughtUp }: { readonly caughtUp: boolean }) {
  const stores = storesOf(ALICE);
  const message = stores.turn(() => {
    stores.contacts.put({ kind: "contact", jid: BOB, subscription: "both", asked: false });
    return stores.log.message({
      kind: "message",
      chat: BOB,
      sender: BOB,
      outgoing: false,
      at: Date.now(),
      originId: "m1",
      asks: ["delivered", "read"],
      content: { kind: "clear", text: "hello" },
    });
  });
  const told: string[] = [];
  const link = {
    caughtUp,
    write: ({ stanza }: { readonly stanza: string }) => told.push(/<(received|displayed) /.exec(stanza)?.[1] ?? stanza),
  } as unknown as CurrentLink;
  const take = (reading: Partial<ReadingArguments>) => takeReading(stores, link, BROWSER, { ...NOTHING, ...reading });
  return { stores, message, told, take };
}

const everything = ({ id, position }: { readonly id: EntryId; readonly position: Position }): ReadingArguments => ({
  delivered: [id],
  read: [id],
  positions: [{ chat: BOB, position }],
});

test("arrived, read and the position are one turn; the sender hears both, the other browsers the position", () => {
  const { stores, message, told, take } = scene({ caughtUp: true });
  const { head } = stores.log;
  assert.equal(take(everything(message)), true);
  assert.deepEqual(told, ["received", "displayed"]);
  assert.equal(stores.log.head, head + 1);
  assert.deepEqual(
    stores.outbox.waiting().map(({ seq }) => Math.abs(seq)),
    [message.seq, message.seq],
  );
});

test("what is told again changes nothing, and nobody hears of it", () => {
  const { stores, message, told, take } = scene({ caughtUp: true });
  take(everything(message));
  const { head } = stores.log;
  take(everything(message));
  assert.equal(told.length, 2);
  assert.equal(stores.log.head, head);
});

test("a stranger hears it when they have been let in, but for what was not to be told when it happened", () => {
  for (const chosen of [true, false]) {
    const { stores, message, told, take } = scene({ caughtUp: true });
    const becomes = (subscription: "none" | "both") =>
      stores.turn(() => stores.contacts.put({ kind: "contact", jid: BOB, subscription, asked: false }));
    const choose = (value: boolean, at: number) =>
      stores.turn(() =>
        stores.choices.choose(
          [
            { name: "receipts", value },
            { name: "markers", value },
          ],
          at,
        ),
      );
    becomes("none");
    choose(chosen, 0);
    take(everything(message));
    assert.deepEqual(told, []);
    choose(true, 1);
    becomes("both");
    take({ read: [message.id] });
    assert.deepEqual(told, chosen ? ["displayed"] : []);
  }
});

test("before the account has caught up only the position is taken, and that is said", () => {
  const { stores, message, told, take } = scene({ caughtUp: false });
  const { head } = stores.log;
  assert.equal(take(everything(message)), false);
  assert.deepEqual(told, []);
  assert.equal(stores.log.head, head + 1);
  assert.equal(stores.outbox.empty, true);
});

test("nobody has read further than the log goes", () => {
  const { stores, message, take } = scene({ caughtUp: true });
  take({ positions: [{ chat: BOB, position: (message.position + 100) as Position }] });
  const { entries } = stores.log.page(message.seq, 10);
  assert.deepEqual(
    entries.map((entry) => entry.kind === "read" && entry.position),
    [message.position],
  );
});
