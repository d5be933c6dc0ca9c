import assert from "node:assert/strict";
import { test } from "node:test";
import { type Arrival, arrivalOf, type Front } from "./arrival.ts";
import { parseNetwork } from "./networks.ts";

const ORIGIN = "https://chat.example.org";
const PROXIES = ["127.0.0.1", "10.0.0.0/8"].flatMap((text) => parseNetwork(text) ?? []);
const BEHIND: Front = { origin: ORIGIN, proxies: PROXIES, tls: false };
const ALONE: Front = { origin: ORIGIN, proxies: [], tls: true };

type Asked = Readonly<Record<string, string>>;

/** `peer`, `method` and `url` of a request; everything else is a header. */
function arrive(front: Front, { peer = "127.0.0.1:4711", method = "GET", url, ...headers }: Asked = {}): Arrival {
  return arrivalOf(
    { peer, method, url: url ?? "http://chat.example.org/api/x?y=1", headers: new Headers(headers) },
    front,
  );
}

function addressOf(arrival: Arrival): string {
  assert.equal(arrival.kind, "come-in", JSON.stringify(arrival));
  return arrival.kind === "come-in" ? arrival.address : "";
}

test("D12: behind its proxy, the client is whom the proxy has seen", () => {
  const https = { "x-forwarded-proto": "https" };
  const rows = [
    ["198.51.100.7", "198.51.100.7"],
    ["2001:db8::7", "2001:db8::7"],
    // The second proxy of ours saw the first, which saw the client.
    ["198.51.100.7, 10.0.0.4", "198.51.100.7"],
    // A machine of our own network.
    ["10.0.0.9", "10.0.0.9"],
  ] as const;
  for (const [list, address] of rows)
    assert.equal(addressOf(arrive(BEHIND, { ...https, "x-forwarded-for": list })), address);
});

test("D12: what a client writes into the list itself counts for nothing", () => {
  const https = { "x-forwarded-proto": "https" };
  for (const list of [
    "203.0.113.1, 198.51.100.7",
    "127.0.0.1, 198.51.100.7",
    "x, y, 198.51.100.7",
    "203.0.113.1, x, 198.51.100.7",
  ])
    assert.equal(addressOf(arrive(BEHIND, { ...https, "x-forwarded-for": list })), "198.51.100.7", list);
  // It says that it is a proxy of ours, and something unreadable before.
  assert.equal(addressOf(arrive(BEHIND, { ...https, "x-forwarded-for": "203.0.113.1, x, 10.0.0.5" })), "10.0.0.5");
});

test("D12: whoever is no proxy of ours gets no further, whatever it says", () => {
  const said = { "x-forwarded-proto": "https", "x-forwarded-for": "127.0.0.1", "cf-connecting-ip": "127.0.0.1" };
  const arrival = arrive(BEHIND, { ...said, peer: "198.51.100.7:4711" });
  assert.deepEqual([arrival.kind, arrival.kind === "refuse" && arrival.status], ["refuse", 403]);
});

test("D12: clear text at the proxy is led to HTTPS, and only reading is", () => {
  const clear = { "x-forwarded-proto": "http", "x-forwarded-for": "198.51.100.7" };
  assert.deepEqual(arrive(BEHIND, clear), { kind: "redirect", to: `${ORIGIN}/api/x?y=1` });
  assert.equal(arrive(BEHIND, { ...clear, method: "POST" }).kind, "refuse");
});

test("D12: a proxy that does not say what it has to is told so", () => {
  const words = (arrival: Arrival) => (arrival.kind === "refuse" ? arrival.words : "");
  assert.match(words(arrive(BEHIND, { "x-forwarded-for": "198.51.100.7" })), /X-Forwarded-Proto/);
  assert.match(words(arrive(BEHIND, { "x-forwarded-proto": "https" })), /X-Forwarded-For/);
});

test("D12: with a certificate of its own, the client is who opened the connection", () => {
  const said = { "x-forwarded-for": "203.0.113.1", "x-forwarded-proto": "http" };
  assert.equal(addressOf(arrive(ALONE, { ...said, peer: "198.51.100.7:4711" })), "198.51.100.7");
  assert.equal(addressOf(arrive(ALONE, { ...said, peer: "[2001:db8::7]:4711" })), "2001:db8::7");
});

test("another name is not answered for: no page of this server stands under it", () => {
  const arrival = arrive(ALONE, { url: "https://other.example/" });
  assert.deepEqual([arrival.kind, arrival.kind === "refuse" && arrival.status], ["refuse", 421]);
});

test("for trying things out on one machine no proxy is needed", () => {
  const local: Front = { origin: "http://localhost:8080", proxies: PROXIES, tls: false };
  assert.equal(addressOf(arrive(local, { url: "http://localhost:8080/" })), "127.0.0.1");
});
