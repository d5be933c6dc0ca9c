import assert from "node:assert/strict";
import { test } from "node:test";
import { readOptions } from "./options.ts";
import { nameSecretIn } from "./secret.ts";

const NOW = Date.parse("2026-11-27T12:00:00Z");

const commandOf = (...args: readonly string[]) => {
  const options = readOptions(args, NOW);
  return options.kind === "so" ? options.value.command : undefined;
};

test("D13: each command of the operator is understood, with the address in its normal form", () => {
  assert.deepEqual(commandOf("list", "--url", "https://chat.example.org"), { kind: "list" });
  assert.deepEqual(commandOf("counters"), { kind: "counters" });
  assert.deepEqual(commandOf("export", "Alice@Example.org", "a.jsonl"), {
    kind: "export",
    address: "alice@example.org",
    file: "a.jsonl",
  });
  assert.deepEqual(commandOf("delete", "alice@example.org", "--yes"), {
    kind: "delete",
    address: "alice@example.org",
    agreed: true,
  });
  assert.deepEqual(commandOf("restore", "alice@example.org", "--to", "2026-11-26T12:00:00Z"), {
    kind: "restore",
    address: "alice@example.org",
    to: NOW - 24 * 3_600_000,
    agreed: false,
  });
  assert.deepEqual(commandOf("invite"), { kind: "invite", address: undefined, domain: undefined, uses: 1, days: 7 });
  assert.deepEqual(commandOf("invite", "--domain", "Example.ORG", "--uses", "20", "--days", "30"), {
    ...{ kind: "invite", address: undefined, domain: "example.org", uses: 20, days: 30 },
  });
  assert.deepEqual(commandOf("invite", "--for", "Alice@Example.org"), {
    ...{ kind: "invite", address: "alice@example.org", domain: undefined, uses: 1, days: 7 },
  });
  assert.deepEqual(commandOf("invitations", "--links"), { kind: "invitations", links: true });
  assert.deepEqual(commandOf("uninvite", "abcdefg2"), { kind: "uninvite", id: "abcdefg2" });
  assert.deepEqual(commandOf(), { kind: "help" });
});

test("D13: what is not understood, or cannot be meant, is said before anything is asked", () => {
  for (const args of [
    ["remove", "alice@example.org"],
    ["list", "alice@example.org"],
    ["delete"],
    ["delete", "no address"],
    ["delete", "alice@example.org", "bob@example.org"],
    ["export", "alice@example.org", "a", "b"],
    ["restore", "alice@example.org"],
    ["restore", "alice@example.org", "--to", "yesterday"],
    ["restore", "alice@example.org", "--to", "2026-11-28T12:00:00Z"],
    ["restore", "alice@example.org", "--to", "2026-10-01T12:00:00Z"],
    ["delete", "alice@example.org", "--force"],
    ["invite", "alice@example.org"],
    ["invite", "--for", "example.org"],
    ["invite", "--domain", "alice@example.org"],
    ["invite", "--for", "alice@example.org", "--uses", "2"],
    ["invite", "--for", "alice@example.org", "--domain", "example.org"],
    ["invite", "--uses", "0"],
    ["invite", "--uses", "1e2"],
    ["invite", "--days", "-1"],
    ["invite", "--days", "1000"],
    ["uninvite"],
    ["uninvite", "all"],
    ["uninvite", "abcdefg2", "abcdefg3"],
  ])
    assert.equal(readOptions(args, NOW).kind, "refuse", args.join(" "));
});

test("D13: the secret is found in a copy of it, and in the secrets of one's own server", () => {
  assert.equal(nameSecretIn("c2VjcmV0LW9m==\n"), "c2VjcmV0LW9m==");
  assert.equal(nameSecretIn('COOKIE_SECRET=other\nNAME_SECRET="c2Vj="\n'), "c2Vj=");
  for (const text of ["", "\n", "two lines\nof text", "COOKIE_SECRET=other\nX=y\n"])
    assert.equal(nameSecretIn(text), undefined, text);
});
