import assert from "node:assert/strict";
import { test } from "node:test";
import { readOptions } from "./options.ts";

const words = (...args: string[]): string => {
  const read = readOptions(args);
  return read.kind === "refuse" ? read.words : "";
};

test("D14: a domain is enough, and an address names its own", () => {
  for (const args of [
    ["Example.org"],
    ["--account", "alice@example.org"],
    ["example.org", "--account", "alice@example.org"],
  ]) {
    const read = readOptions(args);
    assert.ok(read.kind === "so" && read.value !== "help" && read.value.domain === "example.org", args.join(" "));
  }
});

test("D14: what is not understood is said", () => {
  assert.match(words(), /npm run doctor -- example\.org/);
  assert.match(words("alice@example.org"), /--account alice@example\.org/);
  assert.match(words("--account", "example.org"), /is no address/);
  assert.match(words("b.org", "--account", "alice@example.org"), /no account of b\.org/);
  assert.match(words("example.org", "--connect-to", "somewhere"), /HOST:PORT=ADDRESS:PORT/);
  assert.match(words("example.org", "--resolver", "somewhere"), /wants a URL/);
  assert.match(words("example.org", "--unknown"), /--unknown/);
});

test("D14: a connection goes where it is told, all others where they lead", () => {
  const read = readOptions(["example.org", "--connect-to", "xmpp.example.org:5222=[::1]:9000"]);
  assert.ok(read.kind === "so" && read.value !== "help");
  const { route } = read.value;
  assert.deepEqual(route("xmpp.example.org", 5222), { host: "::1", port: 9000 });
  assert.deepEqual(route("xmpp.example.org", 5223), { host: "xmpp.example.org", port: 5223 });
});
