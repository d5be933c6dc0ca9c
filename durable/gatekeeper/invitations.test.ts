import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStorage } from "../testing/sql-storage.ts";
import { Door, type Entry } from "./door.ts";
import type { Invitation } from "./invitations.ts";
import { type Knock, RULES } from "./rules.ts";

const NOW = Date.parse("2026-11-27T12:00:00Z");
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const ID = "abcdefg2";

/** A door that takes nobody of this domain, and at most so many new accounts a day. */
class Closed {
  readonly storage = new MemoryStorage();
  readonly door = new Door(this.storage.sql);
  now = NOW;
  newADay = 50;

  constructor(made: Partial<Invitation> = {}) {
    this.door.invitations.make({ id: ID, uses: 1, made: NOW, ends: NOW + 7 * DAY_MS, ...made });
  }

  knock(account: string, change: Partial<Knock> = {}): Entry | string {
    const who = { account, network: account, neighbourhood: account, domain: "b.example" };
    const admitted = this.door.admit(
      { ...who, refused: "domain-refused", invitation: ID, ...change },
      this.newADay,
      this.now,
    );
    if (admitted.ok) return admitted.value;
    return [admitted.error.kind, admitted.error.detail].filter(Boolean).join(" ");
  }

  /** In and out again, as the Worker settles it. */
  try(account: string, outcome: "proved" | "wrong" | "failed", change: Partial<Knock> = {}): string {
    const entry = this.knock(account, change);
    if (typeof entry === "string") return entry;
    this.door.settle(entry.ticket, account, outcome, this.now, entry.invitation);
    return "in";
  }

  rows(): unknown {
    const tables = ["tries", "accounts", "homes", "invited", "held_places", "invitations"];
    return tables.map((table) => this.storage.sql.exec(`select * from ${table}`).toArray());
  }

  get used(): number | undefined {
    return this.door.invitations.all(this.now)[0]?.used;
  }
}

test("D13: an invitation lets one account in whose domain is not taken, and nobody after it", () => {
  const it = new Closed();
  assert.equal(it.try("alice", "proved", { invitation: undefined }), "domain-refused");
  assert.equal(it.try("alice", "proved"), "in");
  assert.equal(it.try("bob", "proved"), "invitation used-up");
  assert.equal(it.try("bob", "proved", { refused: "no-domains" }), "invitation used-up");
  assert.equal(it.used, 1);
});

test("D13: an invitation counts once an account was proved, and never by a try", () => {
  const it = new Closed();
  assert.equal(it.try("alice", "wrong"), "in");
  assert.equal(it.try("alice", "failed"), "in");
  assert.equal(it.used, 0);
  assert.equal(it.try("alice", "proved", { invitation: undefined }), "domain-refused", "a try lets nobody in later");
  assert.equal(it.try("bob", "proved"), "in");
  assert.equal(it.used, 1);
});

test("D13: of two with one link at the same moment one gets in, and the other has the place if that one fails", () => {
  const it = new Closed();
  const alice = it.knock("alice");
  assert.ok(typeof alice === "object");
  assert.equal(it.knock("bob"), "invitation in-use");
  const again = it.knock("alice");
  assert.ok(typeof again === "object", "the same account again, as a page tries");
  it.door.settle(alice.ticket, "alice", "wrong", it.now, alice.invitation);
  assert.ok(typeof it.knock("bob") === "object");
  assert.equal(it.knock("carol"), "invitation in-use");
});

test("D13: a place that nobody gives back is free after two minutes, and a gatekeeper that was reset still holds it", () => {
  const it = new Closed();
  assert.ok(typeof it.knock("alice") === "object");
  const woken = new Door(it.storage.sql);
  const bob = { account: "bob", network: "b", neighbourhood: "b", domain: "b.example" };
  const tries = (now: number) => woken.admit({ ...bob, refused: "domain-refused", invitation: ID }, 50, now);
  const held = tries(NOW + MINUTE_MS);
  assert.equal(!held.ok && held.error.detail, "in-use");
  const late = it.door.invitations.holds(ID, "alice", NOW + 3 * MINUTE_MS);
  assert.equal(!late.ok && late.error.detail, "in-use");
  assert.ok(tries(NOW + 2 * MINUTE_MS).ok);
});

test("D13: who came by an invitation stays let in, whatever becomes of it", () => {
  const it = new Closed();
  assert.equal(it.try("alice", "proved"), "in");
  it.door.invitations.takeBack(ID, it.now);
  const alone = { invitation: undefined } as const;
  assert.equal(it.try("alice", "proved", alone), "in");
  it.now += 400 * DAY_MS;
  assert.deepEqual(it.door.invitations.all(it.now), []);
  assert.equal(it.try("alice", "proved", alone), "in");
  assert.equal(it.try("alice", "proved"), "in", "also with the old link in hand");
});

test("D13: an account that was deleted needs another invitation, and gives its use to nobody", () => {
  const it = new Closed();
  assert.equal(it.try("alice", "proved"), "in");
  it.door.forgetAccount("alice");
  assert.equal(it.try("alice", "proved"), "invitation used-up");
  assert.equal(it.try("bob", "proved"), "invitation used-up");
  const own = new Closed({ account: "alice", sealed: "sealed" });
  own.door.forgetAccount("alice");
  assert.deepEqual(own.door.invitations.all(NOW), [], "nor is its address kept");
  assert.equal(own.try("alice", "proved"), "invitation over");
});

test("D13: an invitation is over, taken back, or for somebody else, each in its own word", () => {
  const it = new Closed();
  it.now = NOW + 7 * DAY_MS;
  assert.equal(it.try("alice", "proved"), "invitation over");
  it.now = NOW;
  assert.equal(it.door.invitations.takeBack(ID, NOW), true);
  assert.equal(it.door.invitations.takeBack(ID, NOW), false);
  assert.equal(it.door.invitations.takeBack("nothere2", NOW), false);
  assert.equal(it.try("alice", "proved"), "invitation taken-back");
  assert.equal(it.try("alice", "proved", { invitation: "nothere2" }), "invitation over");
  assert.equal(new Closed({ account: "alice" }).try("bob", "proved"), "invitation for-another");
  assert.equal(new Closed({ account: "alice" }).try("alice", "proved"), "in");
  assert.equal(new Closed({ domain: "a.example" }).try("bob", "proved"), "invitation for-another");
  assert.equal(new Closed({ domain: "b.example" }).try("bob", "proved"), "in");
});

test("D13: one that is taken back while somebody signs in by it ends that sign-in, and nobody's who is in", () => {
  const it = new Closed({ uses: 2 });
  const { invitations } = it.door;
  assert.ok(typeof it.knock("alice") === "object");
  assert.equal(it.try("bob", "proved"), "in");
  assert.ok(invitations.holds(ID, "alice", it.now).ok);
  invitations.takeBack(ID, it.now);
  const ended = invitations.holds(ID, "alice", it.now);
  assert.equal(!ended.ok && ended.error.detail, "taken-back");
  assert.ok(invitations.holds(ID, "bob", it.now).ok, "another browser of bob's");
});

test("D13: an invitation opens a day that is spent, and who comes by one takes nobody's place", () => {
  const it = new Closed({ uses: 2 });
  it.newADay = 1;
  const taken = { refused: undefined } as const;
  assert.equal(it.try("alice", "proved", taken), "in");
  assert.equal(it.try("bob", "proved", { ...taken, invitation: undefined }), "in", "alice was not counted");
  assert.equal(it.try("carol", "proved", { ...taken, invitation: undefined }), "no-new-accounts");
  assert.equal(it.try("carol", "proved", taken), "in");
  assert.equal(it.try("dave", "proved", taken), "invitation used-up");
});

test("D13: an invitation keeps nobody out, and who is here needs none", () => {
  const it = new Closed();
  it.door.invitations.takeBack(ID, NOW);
  assert.equal(it.try("alice", "proved", { refused: undefined }), "in", "its domain is taken");
  const other = new Closed();
  assert.equal(other.try("bob", "proved", { refused: undefined, invitation: undefined }), "in");
  assert.equal(other.try("bob", "proved", { refused: undefined }), "in");
  assert.equal(other.used, 0);
});

test("S5: an invitation opens no way around the counts of tries", () => {
  const it = new Closed({ uses: 100 });
  for (let n = 0; n < RULES.here.free; n += 1) assert.equal(it.try("alice", "wrong"), "in");
  assert.match(it.try("alice", "wrong"), /^too-many-tries/);
  assert.equal(it.used, 0);
});

test("S5: who is refused with an invitation, or without one, leaves nothing in the gatekeeper", () => {
  const it = new Closed({ account: "alice" });
  const before = it.rows();
  for (const invitation of [undefined, ID, "nothere2"])
    for (let n = 0; n < 50; n += 1) it.try(`bob-${n}`, "proved", { invitation });
  it.door.invitations.look("nothere2", it.now);
  assert.deepEqual(it.rows(), before);
});

test("D13: no invitation takes the place of another of the same id", () => {
  const it = new Closed();
  assert.equal(it.door.invitations.make({ id: ID, uses: 9, made: NOW, ends: NOW + DAY_MS }), false);
  assert.equal(it.door.invitations.all(NOW)[0]?.uses, 1);
});

test("D13: one that was taken back is forgotten a month after that, however long it was to be open", () => {
  const it = new Closed({ ends: NOW + 300 * DAY_MS });
  const { invitations } = it.door;
  invitations.takeBack(ID, NOW);
  assert.equal(invitations.all(NOW + 29 * DAY_MS).length, 1);
  assert.deepEqual(invitations.all(NOW + 31 * DAY_MS), []);
});

test("D13: the place of an account that is deleted while it signs in is free at once", () => {
  const it = new Closed();
  assert.ok(typeof it.knock("alice") === "object");
  assert.equal(it.try("bob", "proved"), "invitation in-use");
  it.door.forgetAccount("alice");
  assert.equal(it.try("bob", "proved"), "in");
});

test("D13: places that nobody came to take are swept away with old tries", () => {
  const it = new Closed();
  const held = () => it.storage.sql.exec("select * from held_places").toArray().length;
  assert.ok(typeof it.knock("alice") === "object");
  assert.equal(held(), 1);
  it.now += 61 * MINUTE_MS;
  assert.equal(it.try("bob", "proved", { refused: undefined, invitation: undefined }), "in");
  assert.equal(held(), 0);
});
