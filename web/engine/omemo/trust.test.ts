import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { type Candidate, firstTrustOf, onlyVerified, planSending } from "./trust.ts";
import type { Trust } from "../protocol/account.ts";

const ME = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const EVE = "eve@e.example" as BareJid;

/** `bob1 blind`, `bob2 blind new`, `own2 undecided changed`: who, and what is thought of the key. */
function candidate(words: string): Candidate {
  const [who = "", trust, more] = words.split(" ");
  const jid = { bob: BOB, eve: EVE, own: ME }[who.slice(0, 3)] ?? ME;
  return {
    jid,
    device: Number(who.slice(3)) as DeviceId,
    ...(trust !== "unmet" && { trust: trust as Trust }),
    ...(more === "changed" && { changed: true }),
    ...(more === "new" && { newcomer: true }),
  };
}

/** What it comes to, in the same words. */
function outcome(devices: readonly string[], toSelf = false): string {
  const plan = planSending(ME, devices.map(candidate), toSelf);
  const name = ({ jid, device }: Candidate) => `${jid === ME ? "own" : jid.slice(0, 3)}${device}`;
  if (plan.kind === "blocked") return `${plan.why}: ${plan.devices.map(name).join(" ")}`.trim();
  return `to ${plan.to.map(name).join(" ")}${plan.excluded.length > 0 ? `, not ${plan.excluded.map(name).join(" ")}` : ""}`;
}

describe("to whom a message is encrypted", () => {
  const table: readonly (readonly [string, readonly string[], string])[] = [
    ["nobody is listed", [], "no-device:"],
    ["only our own devices are listed", ["own1 blind"], "no-device:"],
    ["devices that were never met", ["bob1 unmet", "own1 unmet"], "to bob1 own1"],
    ["blind trust before verification", ["bob1 blind", "bob2 blind", "own1 verified"], "to bob1 bob2 own1"],
    ["T36 a new device of a verified contact", ["bob1 verified", "bob2 undecided"], "to bob1, not bob2"],
    ["S3: a further device of somebody we have written to", ["bob1 blind", "bob2 blind new"], "new-device: bob2"],
    ["S3: a further device that was refused", ["bob1 blind", "bob2 distrusted new"], "to bob1, not bob2"],
    ["S3: a further device, and a changed key", ["bob1 blind changed", "bob2 blind new"], "key-changed: bob1"],
    ["S3: a further device of a member of a room", ["bob1 blind", "eve2 blind new"], "new-device: eve2"],
    ["a refused device", ["bob1 blind", "bob2 distrusted"], "to bob1, not bob2"],
    ["all devices refused", ["bob1 distrusted", "own1 verified"], "none-trusted: bob1"],
    ["all devices undecided", ["bob1 undecided", "bob2 undecided"], "none-trusted: bob1 bob2"],
    ["T35 a changed key stops", ["bob1 verified changed", "bob2 verified"], "key-changed: bob1"],
    ["T35 a changed key stops, blind or not", ["bob1 blind changed"], "key-changed: bob1"],
    [
      "T35 a changed key of a refused device stops, too",
      ["bob1 blind", "bob2 distrusted changed"],
      "key-changed: bob2",
    ],
    ["T42 a rogue own device", ["bob1 blind", "own1 blind", "own2 undecided"], "to bob1 own1, not own2"],
    ["T42 a changed key of an own device", ["bob1 blind", "own1 verified changed"], "to bob1, not own1"],
    ["a member of a room without a trusted device", ["bob1 blind", "eve1 undecided"], "to bob1, not eve1"],
    ["a changed key in a room", ["bob1 blind", "eve1 blind changed"], "key-changed: eve1"],
  ];
  for (const [name, devices, expected] of table) {
    it(name, () => assert.equal(outcome(devices), expected));
  }

  it("a note to ourselves goes to our own devices, and to none that is not trusted", () => {
    assert.equal(outcome(["own1 blind", "own2 undecided"], true), "to own1, not own2");
    assert.equal(outcome(["own2 undecided"], true), "none-trusted: own2");
  });

  it("never sends to a device that is undecided, refused, changed or new, in any mixture of three", () => {
    const states = ["unmet", "blind", "verified", "undecided", "distrusted"].flatMap((trust) => [
      trust,
      ...(trust === "unmet" ? [] : [`${trust} changed`, `${trust} new`]),
    ]);
    for (const one of states)
      for (const two of states)
        for (const three of states) {
          const plan = planSending(ME, [`bob1 ${one}`, `bob2 ${two}`, `own1 ${three}`].map(candidate));
          if (plan.kind === "blocked") continue;
          assert.ok(plan.to.some(({ jid }) => jid === BOB));
          for (const { jid, trust, changed, newcomer } of plan.to) {
            assert.ok(jid === ME || newcomer !== true);
            assert.ok(changed !== true && trust !== "undecided" && trust !== "distrusted");
          }
        }
  });
});

describe("a contact's key that is seen for the first time", () => {
  it("is believed until one was verified", () => {
    assert.equal(firstTrustOf([]), "blind");
    assert.equal(firstTrustOf(["blind", "distrusted"]), "blind");
    assert.equal(firstTrustOf(["blind", "verified"]), "undecided");
  });
});

describe("writing only to devices that were compared", () => {
  const strict = (...devices: readonly string[]) => {
    const plan = planSending(ME, onlyVerified(ME, devices.map(candidate)));
    return plan.kind === "send" ? plan.to.map(({ device }) => Number(device)) : plan.why;
  };

  it("leaves out what was believed at first sight, or never met; own devices were let in one by one", () => {
    assert.deepEqual(strict("bob1 verified", "bob2 blind", "bob3 unmet", "own4 blind"), [1, 4]);
  });

  it("sends nothing where nobody was compared, and never in clear for that", () => {
    assert.equal(strict("bob1 blind", "own4 blind"), "none-trusted");
    assert.equal(strict("bob1 unmet"), "none-trusted");
  });

  it("loosens nothing", () => {
    assert.equal(strict("bob1 verified changed"), "key-changed");
    assert.equal(strict("bob1 distrusted", "bob2 undecided"), "none-trusted");
  });
});
