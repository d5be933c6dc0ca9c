import assert from "node:assert/strict";
import { test } from "node:test";
import { isWithin, normaliseAddress, type Network, parseNetwork } from "./networks.ts";

const networks = (...texts: readonly string[]): readonly Network[] =>
  texts.map((text) => {
    const network = parseNetwork(text);
    assert.ok(network, text);
    return network;
  });

test("an address is within its network and outside others", () => {
  const rows = [
    ["127.0.0.1", ["127.0.0.1"], true],
    ["127.0.0.2", ["127.0.0.1"], false],
    ["10.255.0.1", ["192.168.0.0/16", "10.0.0.0/8"], true],
    ["11.0.0.1", ["10.0.0.0/8"], false],
    ["192.0.2.129", ["192.0.2.128/25"], true],
    ["192.0.2.127", ["192.0.2.128/25"], false],
    ["203.0.113.9", ["0.0.0.0/0"], true],
    ["::1", ["::1"], true],
    ["2001:db8:1::7", ["2001:db8::/32"], true],
    ["2001:db9::7", ["2001:db8::/32"], false],
    ["::1", ["0.0.0.0/0"], false],
    ["::ffff:10.1.2.3", ["10.0.0.0/8"], true],
    ["not an address", ["0.0.0.0/0", "::/0"], false],
  ] as const;
  for (const [address, list, within] of rows) assert.equal(isWithin(address, networks(...list)), within, address);
});

test("what is no network is none", () => {
  const wrong =
    "300.0.0.1 10.0.0 10.0.0.0/33 10.0.0.0/8/8 10.0.0.0/x 1:2:3 ::1::2 ::/129 fe80::1%eth0 01.2.3.4 example.org";
  for (const text of [...wrong.split(" "), ""]) assert.equal(parseNetwork(text), undefined, text);
});

test("addresses lose their port and one way of writing them is kept", () => {
  const rows = [
    ["192.0.2.1:4711", "192.0.2.1"],
    [" 192.0.2.1 ", "192.0.2.1"],
    ["[2001:DB8::1]:80", "2001:db8::1"],
    ["2001:db8::1", "2001:db8::1"],
    ["[::ffff:192.0.2.1]:80", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["unknown", undefined],
    ["_hidden", undefined],
    ["", undefined],
    ["192.0.2.1, 192.0.2.2", undefined],
  ] as const;
  for (const [text, address] of rows) assert.equal(normaliseAddress(text), address, text);
});
