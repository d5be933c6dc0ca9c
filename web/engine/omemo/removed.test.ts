import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import type { HandoverState } from "../protocol/account.ts";
import { addressOf } from "../store/device-rows.ts";
import { Store } from "../store/store.ts";
import { keyIn, mayHaveAll, newHandover, permit } from "./permission.ts";
import { noteRemoved } from "./removed.ts";

const ALICE = "alice@a.example" as BareJid;
const [HERE, PHONE] = [1, 2] as unknown as readonly [DeviceId, DeviceId];
const ADDRESS = addressOf(ALICE, PHONE);
const PIN = { address: ADDRESS, jid: ALICE, device: PHONE, identityKey: new Uint8Array(33).fill(5), firstSeen: 5 };

/** Given `shown` (none: nothing was asked for yet), the phone is signed out and its key verified again; gives the state of the notice. */
async function comesBack(store: Store, shown?: HandoverState): Promise<HandoverState | undefined> {
  await store.work(async (unit) => {
    unit.put("pins", { ...PIN, trust: "verified" });
    unit.put("meta", { name: "ownDevices", known: [HERE, PHONE] });
  });
  await store.work(async (unit) => {
    const to = keyIn(store.cache, ALICE, PHONE);
    await permit(unit, PHONE, to);
    if (shown === undefined || to === undefined) return;
    const notice = { ...newHandover("giving", PHONE), to, state: shown };
    unit.put("notices", { key: notice.key, notice, dismissed: false });
  });
  assert.equal(mayHaveAll(store.cache, ALICE, PHONE), shown !== "cancelled");
  await store.work((unit) => noteRemoved(unit, ALICE, [PHONE], [HERE]));
  assert.equal(store.cache.pins.get(ADDRESS)?.trust, "undecided");
  // By a link, say, which says nothing of the history.
  await store.work(async (unit) => unit.put("pins", { ...PIN, trust: "verified" }));
  const notice = store.cache.notices.get(`handover:giving:${PHONE}`)?.notice;
  return notice?.kind === "handover" ? notice.state : undefined;
}

const ROWS: readonly (readonly [what: string, shown: HandoverState | undefined, then: HandoverState | undefined])[] = [
  ["was allowed and asked for nothing yet", undefined, undefined],
  ["was being given it", "going", "left"],
  ["was given it", "finished", "finished"],
  ["was stopped", "cancelled", "cancelled"],
];

for (const [what, shown, then] of ROWS)
  test(`S4: a signed-out browser that ${what} may have no history when its key is verified again`, async () => {
    const store = await Store.open(ALICE);
    try {
      assert.equal(await comesBack(store, shown), then);
      assert.equal(mayHaveAll(store.cache, ALICE, PHONE), false);
      await store.work((unit) => permit(unit, PHONE, keyIn(store.cache, ALICE, PHONE)));
      await store.work((unit) => noteRemoved(unit, ALICE, [PHONE], [HERE]));
      assert.equal(mayHaveAll(store.cache, ALICE, PHONE), true, "what is decided afterwards stands");
    } finally {
      await store.close();
    }
  });
