/** Receipts and markers (XEP-0184, XEP-0333) where the person does not want them told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, EntryId, Seq } from "../../worker/contract/names.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import type { Browser } from "../store/browser-row.ts";
import { storesOf } from "../testing/stores.ts";

// After the hook that loads `.sql` files.
const { Applier } = await import("../store/apply.ts");
const { takeReading } = await import("./reading.ts");

const ME = "me@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const BROWSER = { firstSeen: 0 } as Browser;

/** Bob, a contact, has written `his` and asks whether it arrives and is read. */
function scene() {
  const stores = storesOf(ME);
  stores.turn(() =>
    new Applier(stores).apply([
      { kind: "contact", jid: BOB, subscription: "both", asked: false },
      {
        ...{ kind: "message", chat: BOB, sender: BOB, outgoing: false, at: Date.now(), originId: "his" },
        asks: ["delivered", "read"],
        content: { kind: "clear", text: "hi" },
      },
    ]),
  );
  const [entry] = stores.log.page(0 as Seq, 10).entries.filter(({ kind }) => kind === "message");
  const id = entry?.id as EntryId;
  const written: string[] = [];
  const link = {
    caughtUp: true,
    write: ({ stanza }: { stanza: string }) => written.push(stanza),
  } as unknown as CurrentLink;
  const reads = () => takeReading(stores, link, BROWSER, { delivered: [id], read: [id], positions: [] });
  const lets = (name: "receipts" | "markers", value: boolean) =>
    stores.turn(() => stores.choices.choose([{ name, value }], 0));
  const told = () => written.splice(0).map((stanza) => /<(received|displayed) /.exec(stanza)?.[1]);
  return { stores, reads, lets, told };
}

test("by itself both are told", () => {
  const { reads, told } = scene();
  reads();
  assert.deepEqual(told(), ["received", "displayed"]);
});

test("each is left out where the person says so, in whichever browser it happens", () => {
  for (const [off, left] of [
    ["receipts", "displayed"],
    ["markers", "received"],
  ] as const) {
    const { reads, lets, told } = scene();
    lets(off, false);
    reads();
    assert.deepEqual(told(), [left]);
  }
});

test("whoever changes their mind tells nothing of the time before", () => {
  const { stores, reads, lets, told } = scene();
  lets("receipts", false);
  lets("markers", false);
  assert.equal(reads(), true, "it was taken: the browser does not say it again");
  lets("receipts", true);
  lets("markers", true);
  reads();
  assert.deepEqual(told(), []);
  assert.equal(stores.outbox.empty, true);
});
