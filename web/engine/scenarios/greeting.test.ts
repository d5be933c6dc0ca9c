/** A new browser makes itself known to the apps of those it shares a conversation with. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, type Fixture, readersOf, twoAcquainted } from "../testing/fixture.ts";

const EVE = "eve@x.example" as BareJid;

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoAcquainted());
  // They have made themselves known to each other as well.
  await fixture.quiet();
});

afterEach(() => fixture.end());

/** The devices that a browser has sent something without content to. */
function greeted(by: DeviceId, jid: BareJid): readonly DeviceId[] {
  return fixture.sent(ALICE, jid).flatMap(({ content }) => {
    const empty = content.kind === "omemo" && content.omemo.payload === undefined && content.omemo.sid === by;
    return empty ? readersOf(content.omemo) : [];
  });
}

describe("P4: a new browser", () => {
  it("P4: that was allowed writes to each device of its conversations, once, and nothing that could be read", async () => {
    const second = await fixture.browser(ALICE, "Firefox");
    await until(() => greeted(second.device, BOB).length > 0);
    assert.deepEqual(greeted(second.device, BOB), [bob.device]);
    assert.deepEqual(fixture.sentInClear(ALICE, BOB), []);
    await until(async () => (await bob.rows("sessions")).some(({ device }) => device === second.device));
    await second.crash();
    await fixture.quiet();
    assert.deepEqual(greeted(second.device, BOB), [bob.device]);
    assert.deepEqual(await bob.texts(ALICE), ["hello", "hello too"]);
  });

  it("P4: that nobody has allowed yet writes to nobody", async () => {
    const second = fixture.unsigned("Firefox");
    await second.signIn(ALICE, { allowed: false });
    await fixture.quiet();
    assert.deepEqual(greeted(second.device, BOB), []);
    await alice.allow(second.device);
    await until(() => greeted(second.device, BOB).length === 1);
  });

  it("P4: whose keys a slow server takes late writes all the same, though nothing else happens then", async () => {
    const object = fixture.object(EVE);
    object.append({ kind: "contact", jid: BOB, subscription: "both", asked: false, request: false } as never);
    const omemo = await fixture.withheld(bob, ALICE, "x");
    object.deliver({ chat: BOB, sender: BOB, content: { kind: "omemo", omemo } });
    object.listFailure = { kind: "peer-refused" };
    const eve = fixture.unsigned("Firefox");
    eve.useDisk();
    assert.ok((await eve.engine.signIn({ address: EVE, password: "secret", plain: false })).ok);
    await fixture.quiet();
    assert.deepEqual(fixture.sent(EVE, BOB), []);
    object.listFailure = undefined;
    object.tell({ type: "devices", jid: EVE, devices: [] });
    await until(() => fixture.sent(EVE, BOB).some(({ content }) => content.kind === "omemo" && !content.omemo.payload));
  });

  it("P4: says nothing to strangers who have written, nor to whom only clear text was exchanged with", async () => {
    const eve = await fixture.browser(EVE);
    await fixture.browser(CAROL);
    await eve.send({ chat: ALICE, text: "buy" });
    await until(async () => (await alice.texts(EVE)).at(-1) === "buy");
    fixture.object(ALICE).deliver({ chat: CAROL, sender: CAROL, content: { kind: "clear", text: "hi" } });
    const second = await fixture.browser(ALICE, "Firefox");
    await until(() => greeted(second.device, BOB).length > 0);
    await fixture.quiet();
    assert.deepEqual(greeted(second.device, EVE), []);
    assert.deepEqual(greeted(second.device, CAROL), []);
  });

  it("P4: goes on where it was interrupted, and writes to twenty conversations at most", async () => {
    const people = Array.from({ length: 25 }, (_, at) => `person-${at}@b.example` as BareJid);
    const [device] = [bob.device];
    const bundle = fixture.object(BOB).bundles.get(device) ?? assert.fail("no bundle");
    const omemo = await fixture.withheld(bob, ALICE, "x");
    for (const [at, jid] of people.entries()) {
      fixture.object(jid).devices = [(at + 1) as DeviceId];
      fixture.object(jid).bundles.set((at + 1) as DeviceId, bundle);
      fixture
        .object(ALICE)
        .append({ kind: "contact", jid, subscription: "both", asked: false, request: false } as never);
      const content = { kind: "omemo", omemo: { ...omemo, iv: `AAAA${String(at).padStart(4, "A")}AAAAAAAA` } } as const;
      fixture.object(ALICE).deliver({ chat: jid, sender: jid, content });
    }
    const second = await fixture.browser(ALICE, "Firefox");
    const left = async () => {
      const row = (await second.rows("meta")).find(({ name }) => name === "greeting");
      return row?.name === "greeting" ? row.left : undefined;
    };
    await until(async () => (await left())?.length === 0);
    // All of them show one key: it is believed of one of them alone, so nobody but that one and bob is written to.
    const all = people.flatMap((jid) => greeted(second.device, jid));
    assert.ok(all.length <= 20, `${all.length}`);
  });
});
