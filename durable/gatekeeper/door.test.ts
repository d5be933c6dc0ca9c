import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStorage } from "../testing/sql-storage.ts";
import { Door, type Outcome } from "./door.ts";
import { type Knock, RULES } from "./rules.ts";

const NOW = Date.parse("2026-11-27T12:00:00Z");
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const NEW_A_DAY = 50;

const knock = (change: Partial<Knock> = {}): Knock => ({
  account: "owner",
  network: "net-1",
  neighbourhood: "hood-1",
  domain: "a.example",
  ...change,
});

/** A door with one account that was proved long ago. */
class Street {
  readonly storage = new MemoryStorage();
  readonly door = new Door(this.storage.sql);
  now = NOW;

  constructor() {
    this.try(knock({ neighbourhood: "home", network: "home" }), "proved");
    this.now += 48 * HOUR_MS;
  }

  /** `in`, or the kind of the refusal. */
  try(who: Knock, outcome: Outcome): string {
    const admitted = this.door.admit(who, NEW_A_DAY, this.now);
    if (!admitted.ok) return admitted.error.kind;
    this.door.settle(admitted.value.ticket, who.account, outcome, this.now);
    return "in";
  }
}

test("S5: after five wrong passwords the sixth waits, and ever longer", () => {
  const street = new Street();
  for (let n = 0; n < RULES.here.free; n += 1) assert.equal(street.try(knock(), "wrong"), "in");
  assert.equal(street.try(knock(), "wrong"), "too-many-tries");
  street.now += 31 * SECOND_MS;
  assert.equal(street.try(knock(), "wrong"), "in");
  street.now += 31 * SECOND_MS;
  assert.equal(street.try(knock(), "wrong"), "too-many-tries", "the pause has doubled");
  street.now += HOUR_MS;
  assert.equal(street.try(knock(), "proved"), "in");
  assert.equal(street.try(knock(), "wrong"), "in", "a right password makes the wrong ones mistakes");
});

test("S5: 200 wrong passwords from 200 places do not keep the owner out", () => {
  const street = new Street();
  let tried = 0;
  for (let n = 0; n < 200; n += 1) {
    const stranger = knock({ network: `net-${n % 40}`, neighbourhood: `hood-${n % 40}` });
    if (street.try(stranger, "wrong") === "in") tried += 1;
    street.now += 100;
  }
  assert.ok(tried <= RULES.account.free + RULES.newcomers.free + 5, `${tried} were let in`);
  assert.equal(
    street.try(knock({ known: "laptop", network: "net-1" }), "proved"),
    "in",
    "a browser that was here before",
  );
  const away = knock({ network: "hotel", neighbourhood: "hotel" });
  street.now += RULES.newcomers.mostMs;
  assert.equal(street.try(away, "proved"), "in", "a new browser in a place that has not tried");
});

test("S5: tries of an account from everywhere wait at most two minutes", () => {
  const street = new Street();
  for (let n = 0; n < 500; n += 1) {
    street.try(knock({ network: `n${n}`, neighbourhood: `h${n % 250}` }), "wrong");
    street.now += SECOND_MS;
  }
  street.try(knock({ network: "mine", neighbourhood: "mine" }), "wrong");
  street.now += RULES.account.mostMs;
  assert.equal(street.try(knock({ network: "mine", neighbourhood: "mine" }), "proved"), "in");
});

test("S5: somebody who goes on trying from ever new places does not keep out a new browser where its account was before", () => {
  const street = new Street();
  const at = (place: string) => knock({ network: place, neighbourhood: place });
  let [tried, elsewhere] = [0, 0];
  for (let n = 0; n < 3_600; n += 1) {
    // Each is taken as soon as there is room, and not settled: it holds its place for two minutes.
    if (street.door.admit(at(`new-${tried}`), NEW_A_DAY, street.now).ok) tried += 1;
    street.now += SECOND_MS;
    if (n < 1_800 || n % 60 > 0) continue;
    if (street.try(at(`hotel-${n}`), "proved") === "in") elsewhere += 1;
    assert.equal(street.try(at("home"), "proved"), "in");
  }
  assert.ok(tried < 200, `${tried} guesses in an hour`);
  assert.ok(elsewhere < 30, "who comes from a new place with a new browser has to be quicker than they are");
});

test("S5: a place where an account was before is counted like any other, and is one for ninety days", () => {
  const street = new Street();
  const home = knock({ network: "home", neighbourhood: "home" });
  for (let n = 0; n < RULES.here.free; n += 1) assert.equal(street.try(home, "wrong"), "in");
  assert.equal(street.try(home, "wrong"), "too-many-tries");
  street.now += 91 * 24 * HOUR_MS;
  for (let n = 0; n < 200; n += 1) street.try(knock({ network: `n${n}`, neighbourhood: `h${n}` }), "wrong");
  assert.equal(street.try(home, "proved"), "account-guarded");
});

test("S5: a stolen cookie of a known browser has ten tries of its own", () => {
  const street = new Street();
  const stolen = knock({ known: "laptop" });
  for (let n = 0; n < RULES.known.free; n += 1) assert.equal(street.try(stolen, "wrong"), "in");
  assert.equal(street.try(stolen, "wrong"), "too-many-tries");
  assert.equal(street.try(knock({ known: "phone" }), "proved"), "in", "another browser of the owner's is not held up");
});

test("S5: what comes all at once is counted before it is answered", () => {
  const street = new Street();
  const answers = Array.from({ length: 200 }, () => street.door.admit(knock(), NEW_A_DAY, street.now));
  assert.equal(answers.filter(({ ok }) => ok).length, RULES.placeAtOnce.most);
});

test("S5: servers that never answer hold up others of their domain and network, not everybody", () => {
  const street = new Street();
  for (let n = 0; n < 100; n += 1) {
    street.door.admit(
      knock({ account: `x${n}`, domain: "tarpit.example", network: `n${n}`, neighbourhood: `h${n}` }),
      NEW_A_DAY,
      street.now,
    );
  }
  const next = knock({ account: "y", domain: "tarpit.example", network: "m", neighbourhood: "m" });
  assert.equal(street.try(next, "proved"), "too-busy");
  assert.equal(street.try({ ...next, domain: "b.example" }, "proved"), "in");
  assert.equal(street.try(knock({ known: "laptop", domain: "tarpit.example" }), "proved"), "in");
  street.now += 3 * 60 * SECOND_MS;
  assert.equal(street.try(next, "proved"), "in", "what was never settled has been given up");
});

test("S5: so many are under way at once from one network, and so many from everywhere, whatever their domain", () => {
  const street = new Street();
  const others = (n: number, network: string) =>
    knock({ account: `x${n}`, domain: `d${n}.example`, network, neighbourhood: network });
  const underWay = (count: number, networkOf: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => street.door.admit(others(n, networkOf(n)), NEW_A_DAY, street.now)).filter(
      ({ ok }) => ok,
    ).length;
  assert.equal(
    underWay(2 * RULES.networkAtOnce.most, () => "one"),
    RULES.networkAtOnce.most,
  );
  assert.equal(street.try(knock(), "proved"), "in", "the next network is another one");
  street.now += 3 * 60 * SECOND_MS;
  assert.equal(
    underWay(2 * RULES.allAtOnce.most, (n) => `n${n}`),
    RULES.allAtOnce.most,
  );
  assert.equal(street.try(knock({ network: "hotel", neighbourhood: "hotel" }), "proved"), "too-busy");
  assert.equal(street.try(knock(), "proved"), "in", "it was proved from there a moment ago");
  assert.equal(street.try(knock({ known: "laptop" }), "proved"), "in");
});

test("S5: sign-ins that are begun and never finished do not fill the places of an account", () => {
  const street = new Street();
  const begin = (place: string) =>
    street.door.admit(knock({ network: place, neighbourhood: place }), NEW_A_DAY, street.now).ok;
  const owner = knock({ network: "hotel", neighbourhood: "hotel" });
  for (let n = 0; n < 10; n += 1) begin("one place");
  assert.equal(street.try(owner, "proved"), "in", "one place has its own");
  let crowded = 0;
  // A place that was never there comes as soon as any is let in: for the first minutes many are, then hardly one a minute.
  for (let n = 0; n < 60 * 60; n += 1) {
    begin(`place ${n}`);
    street.now += SECOND_MS;
    if (n > 15 * 60 && street.try(owner, "failed") === "too-busy") crowded += 1;
  }
  assert.equal(crowded, 0);
});

test("S5: so many accounts a day come for the first time, and those that are here already still sign in", () => {
  const street = new Street();
  for (let n = 0; n < NEW_A_DAY; n += 1) {
    assert.equal(street.try(knock({ account: `new-${n}`, network: `n${n}`, neighbourhood: `h${n}` }), "proved"), "in");
  }
  const late = knock({ account: "late", network: "late", neighbourhood: "late" });
  assert.equal(street.try(late, "proved"), "no-new-accounts");
  assert.equal(street.try(knock(), "proved"), "in");
  assert.equal(street.try(knock({ account: "new-3" }), "proved"), "in");
  street.now += 25 * HOUR_MS;
  assert.equal(street.try(late, "proved"), "in");
});

test("S5: what is refused writes nothing, and what is old is swept away", () => {
  const street = new Street();
  for (let n = 0; n < 10; n += 1) street.try(knock(), "wrong");
  const before = street.storage.rowsWritten;
  for (let n = 0; n < 1_000; n += 1) street.try(knock(), "wrong");
  assert.equal(street.storage.rowsWritten, before);
  street.now += 49 * HOUR_MS;
  street.try(knock({ account: "other", network: "o", neighbourhood: "o" }), "proved");
  const left = street.storage.sql.exec<{ n: number }>("select count(*) as n from tries").one().n;
  assert.ok(left <= 4, `${left} rows`);
});

test("S5: a server that could not be asked is no wrong password of the account", () => {
  const street = new Street();
  for (let n = 0; n < RULES.here.free * 3; n += 1) assert.equal(street.try(knock(), "failed"), "in");
  assert.equal(street.try(knock(), "proved"), "in");
});

test("S5: servers that do not answer are none of an account, and count for the network that keeps asking them", () => {
  const street = new Street();
  const at = (n: number) => knock({ account: `account-${n}`, domain: `d${n}.example`, neighbourhood: `hood-${n}` });
  for (let n = 0; n < RULES.network.free; n += 1) assert.equal(street.try(at(n), "failed"), "in");
  assert.equal(street.try(at(RULES.network.free), "failed"), "too-many-tries");
});

test("S5: whoever proves an account of their own between two guesses at others' is counted all the same", () => {
  const street = new Street();
  const at = (n: number) => knock({ account: `account-${n}`, neighbourhood: `hood-${n}` });
  for (let n = 1; n < RULES.network.free; n += 1) assert.equal(street.try(at(n), "wrong"), "in");
  assert.equal(street.try(knock({ account: "guesser" }), "proved"), "in");
  assert.equal(street.try(at(100), "wrong"), "in");
  assert.equal(street.try(at(101), "wrong"), "too-many-tries");
});

test("S5: of an account that was deleted no place is remembered", () => {
  const street = new Street();
  const places = () => street.storage.sql.exec<{ n: number }>("select count(*) as n from homes").one().n;
  assert.equal(places(), 1);
  street.door.forgetAccount("owner");
  assert.equal(places(), 0);
});

const forms = (
  street: Street,
  count: number,
  networkOf: (n: number) => string,
  registers: "form" | "answers" = "form",
) =>
  Array.from({ length: count }, (_, n) => {
    const network = networkOf(n);
    const who = knock({ account: `place of ${network}`, network, neighbourhood: network, registers });
    return street.try(who, "wrong");
  });
const countOf = (all: readonly string[], kind: string) => all.filter((one) => one === kind).length;

test("S21: one network asks for six forms and sends ten, then ever fewer", () => {
  const street = new Street();
  assert.equal(
    countOf(
      forms(street, 20, () => "net-1"),
      "in",
    ),
    RULES.forms.free,
  );
  assert.equal(
    countOf(
      forms(street, 30, () => "net-1", "answers"),
      "in",
    ),
    RULES.answers.free,
  );
  assert.deepEqual(
    forms(street, 1, () => "net-2"),
    ["in"],
    "its neighbour may",
  );
  street.now += RULES.forms.firstMs;
  assert.deepEqual(
    forms(street, 2, () => "net-1"),
    ["in", "too-many-tries"],
  );
  street.now += 24 * HOUR_MS;
  assert.deepEqual(
    forms(street, 1, () => "net-1"),
    ["in"],
  );
});

test("S21: ever new addresses together are slowed down, and nobody who has an account is", () => {
  const street = new Street();
  const begun = forms(street, 400, (n) => `net-${n}`);
  assert.equal(countOf(begun, "in"), RULES.allForms.free);
  assert.equal(countOf(begun, "too-busy"), 400 - RULES.allForms.free);
  assert.equal(
    countOf(
      forms(street, 200, (n) => `net-${n}`, "answers"),
      "in",
    ),
    RULES.allAnswers.free,
  );
  assert.equal(street.try(knock(), "proved"), "in");
  assert.equal(
    street.try(knock({ account: "somebody new", network: "net-1", neighbourhood: "net-1" }), "proved"),
    "in",
  );
});

test("S21: servers that never answer hold up other forms and no sign-in, and the other way round", () => {
  const street = new Street();
  const ask = (n: number) =>
    street.door.admit(
      knock({ account: `p${n}`, network: `n${n}`, neighbourhood: `n${n}`, registers: "form" }),
      NEW_A_DAY,
      street.now,
    );
  const begun = Array.from({ length: 30 }, (_, n) => ask(n));
  assert.equal(begun.filter(({ ok }) => ok).length, RULES.formsAtOnce.most);
  assert.equal(street.try(knock({ network: "m", neighbourhood: "m" }), "proved"), "in");
  street.now += 3 * 60 * SECOND_MS;
  assert.ok(ask(31).ok, "what was never settled has been given up");
});

test("S21: a form proves nobody and counts as no sign-in; where the day's new accounts have come there is none", () => {
  const street = new Street();
  const before = street.door.counts();
  const who = knock({ account: "place", registers: "form" });
  const admitted = street.door.admit(who, NEW_A_DAY, street.now);
  assert.ok(admitted.ok);
  street.door.settle(admitted.value.ticket, who.account, "proved", street.now);
  assert.deepEqual(street.door.counts(), before);
  assert.equal(street.door.names("", 10).includes("place"), false);
  const none = street.door.admit(who, 0, street.now);
  assert.equal(!none.ok && none.error.kind, "no-new-accounts");
});

test("D13: an invitation of the deployment opens its list of domains to a form, holds a place meanwhile and is not used up", () => {
  const street = new Street();
  const id = "abcdefg2";
  street.door.invitations.make({ id, uses: 1, made: street.now, ends: street.now + HOUR_MS });
  const who = knock({ account: "place", registers: "form", refused: "no-domains" });
  assert.equal(street.try(who, "wrong"), "no-domains");
  const admitted = street.door.admit({ ...who, invitation: id }, NEW_A_DAY, street.now);
  assert.ok(admitted.ok && admitted.value.invited);
  street.door.settle(admitted.value.ticket, who.account, "wrong", street.now, id);
  const person = knock({ refused: "no-domains", invitation: id, account: "new one", network: "n", neighbourhood: "n" });
  assert.ok(street.door.admit(person, NEW_A_DAY, street.now).ok);
});
