import assert from "node:assert/strict";
import { test } from "node:test";
import { furtherStep, roundsDetail } from "../../worker/shared/failure-causes.ts";
import type { Facts } from "./account.ts";
import { judgeAccount, judgeRefusal, judgeSignIn } from "./account-findings.ts";
import { CURES, type CureId, cureFor } from "./cures.ts";
import { judgeOffer } from "./offers.ts";
import { asJson, printed } from "./print.ts";

const GOOD: Facts = {
  ...{
    mechanism: "SCRAM-SHA-256",
    rounds: 10_000,
    freshSalts: false,
    management: "resumes",
    clientState: true,
    carbons: true,
  },
  ...{ archive: "always", pep: true, publishOptions: true, published: "ok", push: true, rooms: "rooms.a.org" },
  ...{ upload: { service: "upload.a.org", most: 1024 * 1024 }, largest: undefined },
};
const levels = (more: Partial<Facts>) =>
  judgeAccount({ ...GOOD, ...more }).flatMap(({ level, id }) => (level === "ok" ? [] : [`${level} ${id}`]));

test("D14: what a server lacks is a fault where people lose by it, else a warning or a word", () => {
  assert.deepEqual(levels({}), []);
  const cases: readonly (readonly [Partial<Facts>, string])[] = [
    [{ archive: "missing" }, "fault archive"],
    [{ archive: "never" }, "fault archive"],
    [{ archive: "roster" }, "warning archive"],
    [{ pep: false, published: "no PEP" }, "fault pep"],
    [{ published: "precondition-not-met" }, "fault pep"],
    [{ publishOptions: false }, "warning publish-options"],
    [{ management: "missing" }, "warning management"],
    [{ management: "counts" }, "warning management"],
    [{ carbons: false }, "warning carbons"],
    [{ largest: 10_000 }, "warning stanza-limit"],
    [{ upload: undefined }, "unseen upload"],
    [{ push: false }, "unseen push"],
    [{ clientState: false }, "unseen client-state"],
    [{ rooms: undefined }, "unseen rooms"],
  ];
  for (const [more, said] of cases) assert.deepEqual(levels(more), [said]);
});

test("D14: rounds are done by the browser, so the platform's 100,000 are no limit", () => {
  const at = (rounds: number) => judgeSignIn({ ...GOOD, rounds }).map(({ level }) => level);
  assert.deepEqual(
    [at(100_001), at(600_000), at(600_001)],
    [
      ["ok", "ok"],
      ["ok", "ok"],
      ["ok", "warning"],
    ],
  );
  assert.deepEqual(
    judgeSignIn({ ...GOOD, freshSalts: true }).map(({ id }) => id),
    ["signed-in", "rounds", "salts"],
  );
  const many = judgeRefusal({ kind: "server-not-proven", detail: roundsDetail("2000000") });
  assert.deepEqual([many.level, many.id, many.cure], ["fault", "rounds", "rounds"]);
  assert.match(many.words, /2,000,000 rounds/);
  assert.equal(judgeRefusal({ kind: "no-mechanism", detail: furtherStep(["TOTP"]) }).level, "fault");
});

test("D14: of what is offered, the object's own choice is told, with what it cannot use", () => {
  const offer = (...mechanisms: string[]) =>
    judgeOffer("wss://a.org/ws", { sasl: { mechanisms, channelBindings: undefined }, sasl2: undefined }).map(
      ({ level, id, cure }) => `${level} ${id} ${cure ?? ""}`.trim(),
    );
  assert.deepEqual(offer("PLAIN", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"), [
    ...["ok mechanisms", "unseen channel-binding", "unseen tokens", "unseen sasl2"],
  ]);
  assert.deepEqual(offer("PLAIN"), ["warning only-plain scram"]);
  assert.deepEqual(offer("SCRAM-SHA-256-PLUS"), ["fault bound-only scram-plain"]);
  assert.deepEqual(offer(), ["fault nothing-offered websocket-secure"]);
  assert.deepEqual(offer("EXTERNAL"), ["fault no-mechanism scram"]);
});

test("D14: every cure has words, and the names it is about", () => {
  for (const id of Object.keys(CURES) as CureId[]) {
    const cure = cureFor(id, "a.org", "xmpp.a.org");
    assert.ok(cure.words.length > 0);
    assert.doesNotMatch(Object.values(cure).join(" "), /DOMAIN|\bHOST\b/);
  }
});

test("D14: a finding is printed with its cure below, on lines that fit", () => {
  const groups = [{ title: "Account", findings: judgeAccount({ ...GOOD, pep: false, archive: "missing" }) }];
  const text = printed("a.org", groups);
  assert.match(text, /^ {2}FAULT {4}no PEP/m);
  assert.match(text, /^ {11}Prosody: modules_enabled: "pep"$/m);
  assert.match(text, /a\.org: 2 faults, 0 warnings\.$/);
  assert.deepEqual(
    text.split("\n").filter((line) => line.length > 118),
    [],
  );
  const read = JSON.parse(asJson("a.org", groups)) as { faults: number };
  assert.equal(read.faults, 2);
});

test("D14: what a server calls its mechanisms does not command the terminal", () => {
  const findings = judgeOffer("wss://a.org/ws", {
    sasl: { mechanisms: ["\u001B]0;title\u0007\u009B2J", "x".repeat(5_000)], channelBindings: undefined },
    sasl2: undefined,
  });
  const text = printed("a.org", [{ title: "Sign-in", findings }]);
  assert.doesNotMatch(text.replaceAll("\n", ""), /\p{Cc}/u);
  assert.ok(text.length < 3_000);
});
