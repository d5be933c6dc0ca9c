import assert from "node:assert/strict";
import { test } from "node:test";
import type { AddressAnswer, Resolver, SrvAnswer, SrvRecord } from "../../../worker/network/resolver.ts";
import { discover, type DiscoverySettings } from "./discover.ts";
import { publicName } from "../../../worker/network/names.ts";

const JSON_META = "https://a.org/.well-known/host-meta.json";
const XRD_META = "https://a.org/.well-known/host-meta";
const DIRECT = "_xmpps-client._tcp.a.org";
const STARTTLS = "_xmpp-client._tcp.a.org";

const record = (target: string, port: number, priority = 0, weight = 0): SrvRecord => ({
  target,
  port,
  priority,
  weight,
});
const found = (authenticated: boolean, ...records: SrvRecord[]): SrvAnswer => ({
  kind: "found",
  records,
  authenticated,
});
const links = (...hrefs: string[]): string =>
  JSON.stringify({ links: hrefs.map((href) => ({ rel: "urn:xmpp:alt-connections:websocket", href })) });

type World = {
  readonly texts?: Record<string, string>;
  readonly srv?: Record<string, SrvAnswer>;
  /** Of names that are elsewhere than at a public address. */
  readonly addresses?: Record<string, readonly string[] | AddressAnswer["kind"]>;
};

const PUBLIC = ["1.1.1.1", "2606:4700::1111"];

function resolverOf({ texts, srv, addresses }: World): Resolver {
  return {
    fetchText: async (url) => texts?.[url],
    srv: async (name) => srv?.[name] ?? { kind: "none" },
    addresses: async (name) => {
      const found = addresses?.[name] ?? PUBLIC;
      return typeof found === "string" ? ({ kind: found } as AddressAnswer) : { kind: "found", addresses: found };
    },
  };
}

/** URIs in order, or the kind of failure; names that the world does not know exist but have no records. */
async function look(world: World, domain = "a.org", more: Partial<DiscoverySettings> = {}): Promise<unknown> {
  const result = await discover(domain, {
    endpoints: {},
    allowedDomains: [],
    ports: [],
    resolver: resolverOf(world),
    ...more,
  });
  if (!result.ok) return result.error.kind;
  const { endpoints, otherwise } = result.value;
  return [...endpoints.map(({ uri }) => uri), ...(otherwise ? [otherwise.kind] : [])];
}

const ITSELF = ["tls://a.org:5223", "starttls://a.org:5222"];

test("the deployment's own endpoint is the only one that is tried, even for names of no public network", async () => {
  const endpoints = { localhost: "starttls://localhost:5222", "a.org": "tls://xmpp.b.org:5223" };
  assert.deepEqual(await look({}, "localhost", { endpoints }), ["starttls://localhost:5222"]);
  const world = { texts: { [JSON_META]: links("wss://a.org/ws") } };
  assert.deepEqual(await look(world, "a.org", { endpoints }), ["tls://xmpp.b.org:5223"]);
  const several = { "a.org": "tls://10.0.0.1:9999  starttls://localhost:5222" };
  assert.deepEqual(await look(world, "a.org", { endpoints: several }), [
    "tls://10.0.0.1:9999",
    "starttls://localhost:5222",
  ]);
});

test("a fixed endpoint that cannot be read is a failure, not a reason to look elsewhere", async () => {
  for (const uri of ["xmpp.a.org", "http://a.org", ""]) {
    assert.equal(await look({}, "a.org", { endpoints: { "a.org": uri } }), "malformed");
  }
  assert.equal(await look({}, "a.org", { endpoints: { "a.org": "ws://a.org/ws" } }), "no-encryption");
});

test("a domain outside the list is refused before anything is asked", async () => {
  assert.equal(
    await look({}, "a.org", { allowedDomains: ["b.org"], endpoints: { "a.org": "tls://a.org:5223" } }),
    "domain-refused",
  );
  assert.deepEqual(await look({}, "a.org", { allowedDomains: ["a.org"] }), [
    "tls://a.org:5223",
    "starttls://a.org:5222",
  ]);
});

for (const domain of [
  "localhost",
  "server",
  "printer.local",
  "db.internal",
  "hidden.onion",
  "a.test",
  "127.0.0.1",
  "2130706433",
  "0x7f.1",
  "[::1]",
  "::1",
  "a.org:5222",
  "a.org/x",
  "user@a.org",
  "10.0.0.1.",
  "",
]) {
  test(`nothing is asked or dialled for "${domain}"`, async () => {
    let asked = 0;
    const resolver = {
      fetchText: async () => {
        asked += 1;
        return undefined;
      },
      srv: async (): Promise<SrvAnswer> => {
        asked += 1;
        return { kind: "failed" };
      },
      addresses: async (): Promise<AddressAnswer> => {
        asked += 1;
        return { kind: "failed" };
      },
    };
    assert.equal(await look({}, domain, { resolver }), "domain-refused");
    assert.equal(asked, 0);
  });
}

test("host-meta comes first, then direct TLS, then STARTTLS, each by priority and weight", async () => {
  const world: World = {
    texts: { [JSON_META]: links("wss://web.b.org/ws") },
    srv: {
      [DIRECT]: found(false, record("x2.a.org", 5223, 20), record("x1.a.org", 443, 10)),
      [STARTTLS]: found(false, record("y1.a.org", 5222, 5, 1), record("y2.a.org", 5222, 5, 9)),
    },
  };
  assert.deepEqual(await look(world), [
    "wss://web.b.org/ws",
    "tls://x1.a.org:443",
    "tls://x2.a.org:5223",
    "starttls://y2.a.org:5222",
    "starttls://y1.a.org:5222",
    ...ITSELF,
  ]);
});

test("host-meta is read as XRD too, comments and entities included", async () => {
  const xrd = `<?xml version='1.0'?><XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>
    <!-- <Link rel="urn:xmpp:alt-connections:websocket" href="wss://old.a.org/ws"/> -->
    <Link rel="urn:xmpp:alt-connections:xbosh" href="https://a.org/bosh"/>
    <Link href='wss://a.org/ws;a&amp;b' rel='urn:xmpp:alt-connections:websocket'/></XRD>`;
  assert.deepEqual(await look({ texts: { [XRD_META]: xrd } }), ["wss://a.org/ws;a&b", ...ITSELF]);
});

test("S10: host-meta cannot lead to clear text, to the own network, to an odd port or to a question", async () => {
  const bad = [
    "ws://a.org/ws",
    "https://a.org/ws",
    "wss://localhost/ws",
    "wss://10.0.0.1/ws",
    "wss://a.org:25/ws",
    "wss://u:p@a.org/",
    "wss://a.org:8443/ws",
    "wss://a.org/admin?id=7",
    "wss://a.org/ws?",
    "?",
  ];
  assert.deepEqual(await look({ texts: { [JSON_META]: links(...bad) } }), [
    "tls://a.org:5223",
    "starttls://a.org:5222",
  ]);
});

test("a web page in place of host-meta is no host-meta", async () => {
  const texts = { [JSON_META]: "{oops", [XRD_META]: "<!doctype html><link rel=stylesheet href=x>" };
  assert.deepEqual(await look({ texts }), ["tls://a.org:5223", "starttls://a.org:5222"]);
});

test("a target under another name is dialled only where DNSSEC vouches for it; else the domain itself is tried", async () => {
  const hosted = record("xmpp.hosting.net", 5222);
  const unproven = [...ITSELF, "unproven-name"];
  assert.deepEqual(await look({ srv: { [STARTTLS]: found(false, hosted) } }), unproven);
  assert.deepEqual(await look({ srv: { [STARTTLS]: found(true, hosted) } }), [
    "starttls://xmpp.hosting.net:5222",
    ...ITSELF,
  ]);
  assert.deepEqual(await look({ srv: { [STARTTLS]: found(false, record("evil-a.org", 5222)) } }), unproven);
  const world = { srv: { [STARTTLS]: found(false, hosted) }, texts: { [JSON_META]: links("wss://a.org/ws") } };
  assert.deepEqual(await look(world), ["wss://a.org/ws", ...unproven]);
});

test("D14: a server behind the platform's own proxy is dialled, and told as that where it is not reached", async () => {
  const proxy = ["104.16.1.1", "2606:4700::6810:1"];
  const world: World = { addresses: { "a.org": proxy } };
  assert.deepEqual(await look(world), [...ITSELF, "refused"]);
  const web = { ...world, texts: { [JSON_META]: links("wss://a.org/ws") } };
  assert.deepEqual(await look(web), ["wss://a.org/ws", ...ITSELF]);
  const beside = { ...world, srv: { [STARTTLS]: found(false, record("xmpp.a.org", 5222)) } };
  assert.deepEqual(await look(beside), ["starttls://xmpp.a.org:5222", ...ITSELF]);
});

test("a service that is decidedly not offered, an odd port and an address in place of a name are left out", async () => {
  const srv = { [DIRECT]: found(true, record("", 0), record("x.a.org", 25), record("127.0.0.1", 5223)) };
  assert.deepEqual(await look({ srv }), ["tls://a.org:5223", "starttls://a.org:5222"]);
});

test("a domain that does not exist is told as that, one that nobody could ask about is not dialled", async () => {
  const none: SrvAnswer = { kind: "no-such-name" };
  const srv = { [DIRECT]: none, [STARTTLS]: none };
  assert.equal(await look({ srv, addresses: { "a.org": "no-such-name" } }), "unknown-domain");
  assert.deepEqual(await look({ srv }), ITSELF);
  const failed: SrvAnswer = { kind: "failed" };
  const silent = { srv: { [DIRECT]: failed, [STARTTLS]: failed }, addresses: { "a.org": "failed" } } as const;
  assert.equal(await look(silent), "refused");
});

test("A2: a certificate for the domain alone has its turn, however many servers the records name", async () => {
  const many = Array.from({ length: 9 }, (_, n) => record(`x${n}.a.org`, 5222));
  const world = {
    texts: { [JSON_META]: links("wss://w1.org/", "wss://w2.org/", "wss://w3.org/") },
    srv: { [STARTTLS]: found(false, ...many) },
  };
  const tried = await look(world);
  assert.ok(Array.isArray(tried) && tried.length <= 8);
  assert.deepEqual(tried.slice(-2), ITSELF);
});

for (const [what, addresses] of [
  ["a private address", ["10.0.0.1"]],
  ["a public and a private one", ["1.1.1.1", "192.168.0.1"]],
  ["the own machine", ["::1"]],
  ["a private one within IPv6", ["::ffff:10.0.0.1"]],
  ["the metadata of a cloud", ["169.254.169.254"]],
  ["nothing", "none"],
  ["nobody knows where", "failed"],
] as const) {
  test(`S10: a record that leads to ${what} is not dialled`, async () => {
    const world: World = {
      texts: { [JSON_META]: links("wss://inside.net/ws") },
      srv: {
        [DIRECT]: found(true, record("10.0.0.1.nip.io", 5223)),
        [STARTTLS]: found(false, record("db.a.org", 5222)),
      },
      addresses: { "inside.net": addresses, "10.0.0.1.nip.io": addresses, "db.a.org": addresses },
    };
    assert.deepEqual(await look(world), ITSELF);
    assert.equal(await look({ ...world, addresses: { ...world.addresses, "a.org": addresses } }), "refused");
  });
}

test("S10: records name the ports of XMPP, and others only where the deployment allows them", async () => {
  const ports = [22, 25, 80, 443, 1_023, 5_222, 5_223, 5_269, 5_280, 5_281, 6_379, 8_080, 65_535];
  const tried = async (more: Partial<DiscoverySettings>): Promise<readonly number[]> => {
    const reached: number[] = [];
    for (const port of ports) {
      const uris = await look({ srv: { [STARTTLS]: found(false, record("x.a.org", port)) } }, "a.org", more);
      if (Array.isArray(uris) && uris.length > 2) reached.push(port);
    }
    return reached;
  };
  assert.deepEqual(await tried({}), [443, 5_222, 5_223, 5_280, 5_281]);
  assert.deepEqual(
    await tried({
      ports: [
        [1, 1_023],
        [6_000, 9_000],
      ],
    }),
    [443, 5_222, 5_223, 5_280, 5_281, 6_379, 8_080],
  );
});

test("a name in another script is asked for in ASCII", () => {
  assert.equal(publicName("münchen.de"), "xn--mnchen-3ya.de");
});

const hosted = (authenticated: boolean) => found(authenticated, record("xmpp.hosting.net", 5222));
const below = found(false, record("x.a.org", 5222));
const equal = found(false, record("a.org", 5222));
const root = found(false, record("", 0));
const none: SrvAnswer = { kind: "none" };
const unanswered: SrvAnswer = { kind: "failed" };

/** Every way to be led somewhere, and where it leads. Columns: host-meta, direct TLS, STARTTLS. */
const BRANCHES: readonly (readonly [string, string | undefined, SrvAnswer, SrvAnswer, readonly string[] | string])[] = [
  ["nothing is published", undefined, none, none, ITSELF],
  ["nobody answers", undefined, unanswered, unanswered, ITSELF],
  ["host-meta alone", links("wss://a.org/ws"), none, none, ["wss://a.org/ws", ...ITSELF]],
  [
    "host-meta at a hosting company",
    links("wss://h.net/ws"),
    none,
    hosted(false),
    ["wss://h.net/ws", ...ITSELF, "unproven-name"],
  ],
  ["a target below the domain", undefined, none, below, ["starttls://x.a.org:5222", ...ITSELF]],
  ["a target that is the domain", undefined, none, equal, ["starttls://a.org:5222", "tls://a.org:5223"]],
  ["direct TLS below the domain", undefined, below, none, ["tls://x.a.org:5222", ...ITSELF]],
  ["a foreign target", undefined, none, hosted(false), [...ITSELF, "unproven-name"]],
  ["a foreign target for direct TLS", undefined, hosted(false), none, [...ITSELF, "unproven-name"]],
  ["a foreign target under DNSSEC", undefined, none, hosted(true), ["starttls://xmpp.hosting.net:5222", ...ITSELF]],
  ["a foreign one and one below", undefined, hosted(false), below, ["starttls://x.a.org:5222", ...ITSELF]],
  [
    "all three",
    links("wss://a.org/ws"),
    equal,
    below,
    ["wss://a.org/ws", "tls://a.org:5222", "starttls://x.a.org:5222", ...ITSELF],
  ],
  ["no direct TLS, decidedly", undefined, root, none, ["starttls://a.org:5222"]],
  ["no STARTTLS, decidedly", undefined, none, root, ["tls://a.org:5223"]],
  ["neither, decidedly", undefined, root, root, "unknown-domain"],
  ["neither, decidedly, but a WebSocket", links("wss://a.org/ws"), root, root, ["wss://a.org/ws"]],
  ["host-meta in clear text", links("ws://a.org/ws"), none, below, ["starttls://x.a.org:5222", ...ITSELF]],
  ["host-meta that is broken", "{", none, below, ["starttls://x.a.org:5222", ...ITSELF]],
  ["host-meta without links", "{}", none, none, ITSELF],
  ["host-meta of another shape", JSON.stringify({ links: [null, 1, { rel: 2, href: 3 }] }), none, none, ITSELF],
];

for (const [what, meta, direct, startTls, expected] of BRANCHES) {
  test(`where it leads: ${what}`, async () => {
    const texts: Record<string, string> = meta === undefined ? {} : { [JSON_META]: meta };
    assert.deepEqual(await look({ texts, srv: { [DIRECT]: direct, [STARTTLS]: startTls } }), expected);
  });
}

test("S10: where no resolver answers nothing is dialled, and it is said that this is no fault of the domain", async () => {
  const silent = { kind: "silent" } as const;
  const settings = (world: World) => ({
    endpoints: {},
    allowedDomains: [],
    ports: [],
    resolver: resolverOf(world),
  });
  const all = { srv: { [DIRECT]: silent, [STARTTLS]: silent }, addresses: { "a.org": "silent" } } as const;
  assert.deepEqual(await discover("a.org", settings(all)), {
    ok: false,
    error: { kind: "refused", detail: "no resolver" },
  });
  const failing = { ...all, addresses: { "a.org": "failed" } } as const;
  assert.deepEqual(await discover("a.org", settings(failing)), {
    ok: false,
    error: { kind: "refused", detail: "a.org" },
  });
});
