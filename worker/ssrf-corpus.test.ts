/**
 * S10, issue of files: addresses, redirects and DNS answers that would lead the Worker to somebody else's doors. Every one is
 * really asked for: what leaves for the one server that may be asked arrives there, whatever else at a trap, which counts.
 */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { download, upload } from "./file-stream.ts";
import { fileAddress } from "./network/file-address.ts";
import type { AddressAnswer } from "./network/resolver.ts";

const GOOD = "https://files.alcove-corpus.net";
const OWN = "https://chat.alcove-corpus.net";

/** Names that DNS knows, and what it says of them; of all others that there are none. */
const DNS: Readonly<Record<string, readonly string[] | "failed" | "silent">> = {
  "files.alcove-corpus.net": ["93.184.216.34", "2606:2800:220:1::1"],
  "chat.alcove-corpus.net": ["93.184.216.34"],
  "more.alcove-corpus.net": ["93.184.216.35"],
  "failed.alcove-corpus.net": "failed",
  "silent.alcove-corpus.net": "silent",
};

/** What DNS may say of a name of the attacker's; `dns0.…`, `dns1.…` in this order. */
const ANSWERS: readonly (readonly string[])[] = [
  ["127.0.0.1"],
  ["127.8.8.8"],
  ["0.0.0.0"],
  ["10.0.0.1"],
  ["10.255.255.255"],
  ["100.64.0.1"],
  ["169.254.169.254"],
  ["172.16.0.1"],
  ["172.31.255.255"],
  ["192.0.0.8"],
  ["192.0.2.1"],
  ["192.88.99.1"],
  ["192.168.1.1"],
  ["198.18.0.1"],
  ["198.51.100.7"],
  ["203.0.113.9"],
  ["224.0.0.1"],
  ["255.255.255.255"],
  ["::1"],
  ["::"],
  ["::ffff:127.0.0.1"],
  ["::ffff:a00:1"],
  ["64:ff9b::7f00:1"],
  ["64:ff9b:1::a00:1"],
  ["100::1"],
  ["2001::1"],
  ["2001:db8::1"],
  ["2002:7f00:1::"],
  ["3fff::1"],
  ["fc00::1"],
  ["fd12:3456:789a::1"],
  ["fe80::1"],
  ["fec0::1"],
  ["ff02::1"],
  ["93.184.216.34", "127.0.0.1"],
  ["2606:2800:220:1::1", "fd00::1"],
  ["93.184.216.34", "not an address"],
  ["0x7f.0.0.1"],
  ["999.1.1.1"],
  [],
];

/** Addresses that nothing is asked for, by their looks. */
const ADDRESSES: readonly string[] = [
  // the own machine, in every spelling
  ...[
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "0x7f.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "0",
    "0.0.0.0",
  ],
  ...[
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
  ],
  ...[
    "localhost",
    "LOCALHOST",
    "localhost.",
    "a.localhost",
    "%6c%6f%63alhost",
    "ⓛocalhost",
    "127。0。0。1",
    "①②⑦.⓪.⓪.①",
  ],
  ...["%31%32%37.0.0.1", "127.0.0.1.", "127.0.0.1:443", "[::1]:443"],
  // other networks, and addresses of the public one without a name
  ...["10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "[fe80::1]", "[fd00::1]", "[ff02::1]"],
  ...["93.184.216.34", "[2606:2800:220:1::1]", "0xa9fea9fe", "2852039166"],
  // names that mean something where we run
  ...["intranet", "metadata", "metadata.google.internal", "instance-data.ec2.internal", "router.lan", "printer.local"],
  ...[
    "nas.home.arpa",
    "x.onion",
    "x.test",
    "x.invalid",
    "x.example",
    "1.0.0.127.in-addr.arpa",
    "files.alcove-corpus.net.",
  ],
].map((host) => `https://${host}/`);

const SPELLINGS: readonly string[] = [
  "http://files.alcove-corpus.net/",
  "ftp://files.alcove-corpus.net/",
  "file:///etc/passwd",
  "data:text/plain,x",
  "blob:https://files.alcove-corpus.net/x",
  "javascript:alert(1)",
  "gopher://files.alcove-corpus.net/",
  "wss://files.alcove-corpus.net/",
  "ws://127.0.0.1/",
  "https:///",
  "https://",
  "//127.0.0.1/",
  "",
  "https://files.alcove-corpus.net@127.0.0.1/",
  "https://user@files.alcove-corpus.net/",
  "https://user:password@files.alcove-corpus.net/",
  "https://127.0.0.1\\@files.alcove-corpus.net/",
  "https://127.0.0.1#@files.alcove-corpus.net/",
  "https://127.0.0.1?@files.alcove-corpus.net/",
  "https://127.0.0.1%00.files.alcove-corpus.net/",
  "https://127.0.0.1\t/",
  "ht\ntps://127.0.0.1/",
  " https://127.0.0.1/ ",
  ...[22, 25, 53, 80, 110, 3306, 5222, 5223, 5280, 5432, 6379, 8080, 9200, 11211, 65535].map(
    (port) => `${GOOD}:${port}/`,
  ),
  `${OWN}/api/call/unlock`,
  `${OWN}:443/api/health`,
  "https://CHAT.alcove-corpus.net/",
  "https://unknown.alcove-corpus.net/",
  "https://failed.alcove-corpus.net/",
  "https://silent.alcove-corpus.net/",
];

let good: Server;
let trap: Server;
let asked: { url: string; headers: Record<string, unknown>; method: string }[] = [];
let trapped = 0;
const locations = new Map<string, string>();

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

before(async () => {
  good = createServer((request, response) => {
    const url = String(request.headers["x-asked"]);
    const location = locations.get(url);
    if (location === undefined) response.writeHead(200, { "content-length": "4" }).end("file");
    else response.writeHead(302, { location }).end();
  });
  trap = createServer((_request, response) => response.end());
  trap.on("connection", () => {
    trapped += 1;
  });
  for (const server of [good, trap])
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  // Of the runtime; Node has none.
  class FixedLengthStream extends TransformStream {
    constructor(_size: number) {
      super();
    }
  }
  Object.assign(globalThis, { FixedLengthStream });
});

beforeEach(() => {
  asked = [];
  trapped = 0;
  locations.clear();
});

after(() => {
  good.close();
  trap.close();
});

const resolver = {
  addresses: async (name: string): Promise<AddressAnswer> => {
    const [, n] = /^dns(\d+)\./.exec(name) ?? [];
    const answer = n === undefined ? DNS[name] : ANSWERS[Number(n)];
    if (answer === "failed" || answer === "silent") return { kind: answer };
    if (answer === undefined) return { kind: "no-such-name" };
    return answer.length === 0 ? { kind: "none" } : { kind: "found", addresses: answer };
  },
};

/** The network: two names lead to the server that may be asked, everything else into the trap. */
async function ask(url: string, init: RequestInit): Promise<Response> {
  const { hostname, protocol, pathname } = new URL(url);
  const open = protocol === "https:" && ["files.alcove-corpus.net", "more.alcove-corpus.net"].includes(hostname);
  const headers = new Headers(init.headers);
  if (open) asked.push({ url, headers: Object.fromEntries(headers), method: init.method ?? "GET" });
  headers.set("x-asked", url);
  const half = { duplex: "half" } as RequestInit;
  return fetch(`http://127.0.0.1:${portOf(open ? good : trap)}${pathname}`, { ...half, ...init, headers });
}

const reach = { ports: [], trusted: [], own: OWN, resolver, ask };

test("S10: 0 connections for addresses that lead nowhere a file is, nor for what DNS says of others", async (context) => {
  const names = ANSWERS.map((_, n) => `https://dns${n}.alcove-corpus.net/`);
  const corpus = [...ADDRESSES, ...SPELLINGS, ...names];
  for (const url of ADDRESSES) assert.equal(fileAddress(url, reach), undefined, `before DNS is asked: ${url}`);
  for (const url of corpus) assert.equal(await download(url, reach), "address", JSON.stringify(url));
  assert.equal(trapped, 0);
  assert.deepEqual(asked, []);
  context.diagnostic(`${corpus.length} addresses`);
  assert.ok(new Set(corpus).size >= 100);
});

test("S10: the same as slots to be put to", async () => {
  const names = ANSWERS.map((_, n) => `https://dns${n}.alcove-corpus.net/`);
  const slot = { size: 4, type: "application/octet-stream", headers: [], trusted: false };
  for (const url of [...ADDRESSES, ...SPELLINGS, ...names]) {
    const { body } = new Response("file");
    assert.ok(body);
    assert.equal(await upload({ ...slot, url }, body, reach), "address", JSON.stringify(url));
  }
  assert.equal(trapped, 0);
  assert.deepEqual(asked, []);
});

test("S10: a redirect leads to none of them either", async (context) => {
  const targets = [...ADDRESSES, ...SPELLINGS, ...ANSWERS.map((_, n) => `https://dns${n}.alcove-corpus.net/`)];
  // What is no address of its own is one below the first.
  const away = targets.filter((target) => URL.canParse(target) && /^[\x21-\x7e]+$/.test(target));
  for (const target of away) {
    locations.set(`${GOOD}/moved`, target);
    assert.equal(await download(`${GOOD}/moved`, reach), "address", target);
  }
  assert.equal(trapped, 0);
  assert.equal(asked.length, away.length, "the first address alone");
  context.diagnostic(`${away.length} redirects`);
});

test("S10: two redirects to places of the open network are followed, a third and a circle are not", async () => {
  locations.set(`${GOOD}/1`, "https://more.alcove-corpus.net/2");
  locations.set("https://more.alcove-corpus.net/2", "/3");
  assert.equal(typeof (await download(`${GOOD}/1`, reach)), "object");
  assert.deepEqual(
    asked.map(({ url }) => url),
    [`${GOOD}/1`, "https://more.alcove-corpus.net/2", "https://more.alcove-corpus.net/3"],
  );
  locations.set("https://more.alcove-corpus.net/3", `${GOOD}/4`);
  assert.equal(await download(`${GOOD}/1`, reach), "address");
  locations.set(`${GOOD}/1`, `${GOOD}/1`);
  assert.equal(await download(`${GOOD}/1`, reach), "address");
  assert.equal(trapped, 0);
});

test("S10: an upload follows no redirect at all", async () => {
  locations.set(`${GOOD}/slot`, "https://more.alcove-corpus.net/slot");
  const { body } = new Response("file");
  assert.ok(body);
  const slot = { url: `${GOOD}/slot`, size: 4, type: "image/png", headers: [], trusted: false };
  assert.equal(await upload(slot, body, reach), "refused");
  assert.equal(asked.length, 1);
});

test("S10: nothing of the browser or of ours goes along: no cookie, no name, no language", async () => {
  await download(`${GOOD}/a#key`, { ...reach, range: "bytes=0-3" });
  const { headers, url } = asked[0] ?? assert.fail();
  assert.equal(url, `${GOOD}/a`, "what follows the # stays with the browser");
  assert.equal(headers["accept-encoding"], "identity");
  assert.equal(headers["range"], "bytes=0-3");
  for (const name of ["cookie", "authorization", "referer", "origin", "x-forwarded-for", "cf-connecting-ip"])
    assert.equal(headers[name], undefined, name);
});

test("0363: a slot is given its own headers and the type that was announced", async () => {
  const { body } = new Response("file");
  assert.ok(body);
  const headers = [["authorization", "Bearer slot"]] as const;
  const slot = { url: `${GOOD}/slot`, size: 4, type: "image/png", headers, trusted: false };
  assert.equal(await upload(slot, body, reach), undefined);
  const seen = asked[0] ?? assert.fail();
  assert.deepEqual(
    [seen.method, seen.headers["authorization"], seen.headers["content-type"]],
    ["PUT", "Bearer slot", "image/png"],
  );
  assert.equal(seen.headers["cookie"], undefined);
});
