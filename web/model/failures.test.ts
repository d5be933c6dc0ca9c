import assert from "node:assert/strict";
import { test } from "node:test";
import type { Failure, FailureKind } from "../../worker/contract/failures.ts";
import { BEHIND_PROXY, CHANGED_OFFER, furtherStep, roundsDetail } from "../../worker/shared/failure-causes.ts";
import failures from "../i18n/en-failures.json" with { type: "json" };
import { detailBeyondWords, failureText } from "./failures.ts";

test("each kind of failure has its own words, with nothing left to fill in", () => {
  // That each kind has one is checked by the compiler.
  const kinds = ["failure--offline", ...Object.keys(failures)].flatMap(
    (key) => (/^failure--(.*)/.exec(key)?.[1] ?? []) as FailureKind,
  );
  const texts = kinds.map((kind) => failureText({ kind }, "alice@example.org"));
  assert.equal(new Set(texts).size, kinds.length);
  for (const words of texts) assert.doesNotMatch(words, /[{}]/);
});

test("a kind that only a newer release knows has words all the same", () => {
  const kind = "of-tomorrow" as FailureKind;
  assert.equal(failureText({ kind }, "alice@example.org"), failureText({ kind: "internal" }, "alice@example.org"));
});

test("a failure about a server names the server", () => {
  assert.match(failureText({ kind: "unknown-domain" }, " alice@exmaple.org "), /exmaple\.org/);
  assert.match(failureText({ kind: "refused" }, ""), /the server/);
});

test("M1, R4: what is too large has words of its own by what it was too large for", () => {
  const texts = [
    failureText({ kind: "too-large" }, "alice@example.org"),
    failureText({ kind: "too-large", detail: "server" }, "alice@example.org"),
    failureText({ kind: "server-error", detail: "ended streams" }, "alice@example.org"),
    failureText({ kind: "malformed", detail: "answer too large" }, "alice@example.org"),
  ];
  assert.equal(new Set(texts).size, texts.length);
  assert.match(texts[1] ?? "", /server does not take messages of this size/);
});

test("D14: each thing between a domain and Alcove has words of its own on the sign-in page", () => {
  const failures = [
    { kind: "refused" },
    { kind: "refused", detail: BEHIND_PROXY },
    { kind: "unproven-name", detail: "xmpp.hosting.net" },
    { kind: "bad-certificate", detail: "xmpp.example.org" },
    { kind: "server-not-proven", detail: "signature" },
    { kind: "server-not-proven", detail: CHANGED_OFFER },
    { kind: "server-not-proven", detail: roundsDetail("2000000") },
    { kind: "server-not-proven", detail: roundsDetail("1000") },
    { kind: "no-mechanism", detail: "EXTERNAL" },
    { kind: "no-mechanism", detail: "SCRAM-SHA-256-PLUS" },
    { kind: "no-mechanism", detail: furtherStep(["TOTP"]) },
    { kind: "no-mechanism", detail: "" },
    { kind: "only-plain" },
  ] as const;
  const texts = failures.map((failure) => failureText(failure, "alice@example.org"));
  assert.equal(new Set(texts).size, failures.length);
  for (const words of texts) assert.doesNotMatch(words, /[{}]/);
  assert.match(texts[6] ?? "", /1,000,000/);
});

test("S8, S10: a detail that the words say already is not shown once more", () => {
  const said: readonly Failure[] = [
    { kind: "too-many-tries", detail: "30" },
    { kind: "bad-certificate", detail: "xmpp.example.org" },
    { kind: "refused", detail: "no resolver" },
    { kind: "storage-full", detail: "sign-in" },
    { kind: "not-found", detail: "no room service" },
    { kind: "domain-refused", detail: "example.org" },
    { kind: "refused", detail: BEHIND_PROXY },
    { kind: "no-mechanism", detail: "" },
  ];
  for (const failure of said) assert.equal(detailBeyondWords(failure, "me@example.org"), undefined, failure.kind);
  assert.equal(detailBeyondWords({ kind: "server-error", detail: "policy-violation" }, ""), "policy-violation");
});

test("a wait of one second is a second", () => {
  const wait = (detail: string) => failureText({ kind: "too-many-tries", detail }, "").match(/again in (.*)\./)?.[1];
  assert.deepEqual(["0.2", "2", "91"].map(wait), ["1 second", "2 seconds", "2 minutes"]);
});

test("each thing that the object or the engine says of a room has words of its own", () => {
  const details = [
    ...[
      "members-only",
      "banned",
      "nick in use",
      "nick not allowed",
      "no such room",
      "password needed",
      "wrong password",
    ],
    ...[
      "now private",
      "open to everybody",
      "no list",
      "members kept",
      "no room service",
      "not allowed",
      "room unavailable",
    ],
    ...["no answer", "destroyed", "kicked", "affiliation changed", "shutdown", "connection problem", "not in the room"],
    ...["no longer private", "nobody else", "nobody can read"],
  ];
  const others = failureText({ kind: "peer-refused" }, "");
  const texts = details.map((detail) => failureText({ kind: "peer-refused", detail }, ""));
  assert.equal(new Set([others, ...texts]).size, details.length + 1);
  assert.equal(failureText({ kind: "peer-refused", detail: "said tomorrow" }, ""), others);
});
