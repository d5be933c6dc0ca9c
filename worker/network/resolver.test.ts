import assert from "node:assert/strict";
import { test } from "node:test";
import { makeResolver, parseResolvers } from "./resolver.ts";

const answer = (data: string, type = 33): object => ({ name: "x", type, TTL: 60, data });

/** As the resolver reads such a document of DNS over HTTPS. */
const readSrv = (document: unknown) => makeResolver(async () => Response.json(document ?? null)).srv("a.org");

test("SRV records are read with the resolver's word on DNSSEC", async () => {
  assert.deepEqual(
    await readSrv({ Status: 0, AD: true, Answer: [{ type: 5, data: "alias." }, answer("5 1 5222 XMPP.a.org.")] }),
    {
      kind: "found",
      authenticated: true,
      records: [{ priority: 5, weight: 1, port: 5222, target: "xmpp.a.org" }],
    },
  );
});

test("only AD = true counts as authenticated", async () => {
  for (const AD of [undefined, false, "true", 1]) {
    const found = await readSrv({ Status: 0, AD, Answer: [answer("0 0 5222 a.org.")] });
    assert.equal(found.kind === "found" && found.authenticated, false);
  }
});

test("the root as target says that the service is not offered", async () => {
  const found = await readSrv({ Status: 0, Answer: [answer("0 0 0 .")] });
  assert.equal(found.kind === "found" && found.records[0]?.target, "");
});

test("no record, no name and no answer are different things", async () => {
  assert.equal((await readSrv({ Status: 0 })).kind, "none");
  assert.equal((await readSrv({ Status: 0, Answer: [answer("nonsense")] })).kind, "none");
  assert.equal((await readSrv({ Status: 3 })).kind, "no-such-name");
  assert.equal((await readSrv({ Status: 2 })).kind, "failed");
  for (const document of [{}, undefined, "x", []]) assert.equal((await readSrv(document)).kind, "silent");
});

type Script = Readonly<Record<string, () => Response | Promise<Response>>>;

/** A network of these addresses and no others. */
function network(script: Script): { readonly resolver: ReturnType<typeof makeResolver>; readonly asked: string[] } {
  const asked: string[] = [];
  const resolver = makeResolver(async (url, init) => {
    assert.ok(init.signal, "everything has a time limit");
    const answer = script[url];
    const question = /(?:dns-query|resolve)\?name=[^&]*&type=(?:A|AAAA)$/.test(url);
    if (question && !answer) return Response.json({ Status: 0, Answer: [{ type: 1, data: "1.1.1.1" }] });
    if (!question) asked.push(url);
    if (!answer) throw new TypeError("no connection");
    return answer();
  });
  return { resolver, asked };
}

const META = "https://a.org/.well-known/host-meta.json";
const redirect = (location: string) => () => new Response(null, { status: 301, headers: { location } });
const says = (text: string) => () => new Response(text);

test("host-meta is read where the domain has it, also behind a redirect within the domain", async () => {
  assert.equal(await network({ [META]: says("{}") }).resolver.fetchText(META), "{}");
  const www = "https://www.a.org/.well-known/host-meta.json";
  assert.equal(await network({ [META]: redirect(www), [www]: says("{}") }).resolver.fetchText(META), "{}");
  const beside = "https://a.org/host-meta.json";
  assert.equal(
    await network({ [META]: redirect("/host-meta.json"), [beside]: says("{}") }).resolver.fetchText(META),
    "{}",
  );
});

for (const [what, location] of [
  ["another domain", "https://evil.org/host-meta.json"],
  ["a name that only ends alike", "https://evil-a.org/host-meta.json"],
  ["clear text", "http://a.org/host-meta.json"],
  ["another port", "https://a.org:8443/host-meta.json"],
  ["no address", "https://"],
] as const) {
  test(`a redirect to ${what} is not followed`, async () => {
    const { resolver, asked } = network({ [META]: redirect(location), [location]: says("{}") });
    assert.equal(await resolver.fetchText(META), undefined);
    assert.deepEqual(asked, [META]);
  });
}

test("a circle of redirects ends", async () => {
  const { resolver, asked } = network({ [META]: redirect(META) });
  assert.equal(await resolver.fetchText(META), undefined);
  assert.equal(asked.length, 3);
});

test("no connection, an error, too slow, too long and no text are all no host-meta", async () => {
  const late = () => Promise.reject(new DOMException("too slow", "TimeoutError"));
  const answers = [
    late,
    () => new Response("x", { status: 404 }),
    says("x".repeat(65 * 1024)),
    () => new Response(Uint8Array.of(0xff, 0xfe)),
  ];
  for (const answer of answers) assert.equal(await network({ [META]: answer }).resolver.fetchText(META), undefined);
  assert.equal(await network({}).resolver.fetchText(META), undefined);
});

test("DNS over HTTPS that is silent, broken or slow says nothing", async () => {
  const url = "https://cloudflare-dns.com/dns-query?name=_xmpp-client._tcp.a.org&type=SRV";
  const ask = (script: Script) => network(script).resolver.srv("_xmpp-client._tcp.a.org");
  const record = JSON.stringify({ Status: 0, AD: true, Answer: [answer("0 0 5222 x.org.")] });
  const found = await ask({ [url]: says(record) });
  assert.equal(found.kind === "found" && found.authenticated, true);
  const scripts: readonly Script[] = [
    {},
    { [url]: says("{oops") },
    { [url]: () => new Response("", { status: 503 }) },
    { [url]: () => Promise.reject(new DOMException("too slow", "TimeoutError")) },
  ];
  for (const script of scripts) {
    assert.deepEqual(await ask(script), { kind: "silent" });
  }
});

const dns = (name: string, type: string): string => `https://cloudflare-dns.com/dns-query?name=${name}&type=${type}`;
const other = (name: string, type: string): string => `https://dns.google/resolve?name=${name}&type=${type}`;
const has =
  (type: number, ...data: string[]) =>
  () =>
    Response.json({
      Status: 0,
      Answer: [{ type: 5, data: "alias.a.org." }, ...data.map((text) => answer(text, type))],
    });

test("all addresses of a name are found, and where one half is not known none are", async () => {
  const both = { [dns("a.org", "A")]: has(1, "1.1.1.1", "1.0.0.1"), [dns("a.org", "AAAA")]: has(28, "2606:4700::1") };
  assert.deepEqual(await network(both).resolver.addresses("a.org"), {
    kind: "found",
    addresses: ["1.1.1.1", "1.0.0.1", "2606:4700::1"],
  });
  const half = { ...both, [dns("a.org", "AAAA")]: () => Response.json({ Status: 2 }) };
  assert.deepEqual(await network(half).resolver.addresses("a.org"), { kind: "failed" });
  const nobody = () => Response.json({ Status: 3 });
  const missing = { [dns("a.org", "A")]: nobody, [dns("a.org", "AAAA")]: nobody };
  assert.deepEqual(await network(missing).resolver.addresses("a.org"), { kind: "no-such-name" });
});

test("S10: host-meta is not asked for where a name leads into a private network, nor behind a redirect", async () => {
  const inside = has(1, "10.0.0.1");
  const within = network({ [META]: says("{}"), [dns("a.org", "A")]: inside });
  assert.equal(await within.resolver.fetchText(META), undefined);
  assert.deepEqual(within.asked, []);
  const www = "https://www.a.org/.well-known/host-meta.json";
  const behind = network({ [META]: redirect(www), [www]: says("{}"), [dns("www.a.org", "A")]: inside });
  assert.equal(await behind.resolver.fetchText(META), undefined);
  assert.deepEqual(behind.asked, [META]);
});

test("S10: where the first resolver is silent the second one is asked, and a private address is refused as before", async () => {
  const silent = () => Promise.reject(new TypeError("no connection"));
  const both = (answer: () => Response | Promise<Response>, second: () => Response) => ({
    [dns("a.org", "A")]: answer,
    [dns("a.org", "AAAA")]: answer,
    [other("a.org", "A")]: second,
    [other("a.org", "AAAA")]: () => Response.json({ Status: 0 }),
  });
  for (const answer of [silent, () => new Response("", { status: 503 }), () => new Response("<html>")]) {
    const there = network(both(answer, has(1, "1.1.1.1")));
    assert.deepEqual(await there.resolver.addresses("a.org"), { kind: "found", addresses: ["1.1.1.1"] });
    const inside = network({ ...both(answer, has(1, "10.0.0.1")), [META]: says("{}") });
    assert.equal(await inside.resolver.fetchText(META), undefined);
    assert.deepEqual(inside.asked, []);
  }
});

test("what the first resolver says stands, also that it cannot say", async () => {
  const failing = () => Response.json({ Status: 2 });
  const script = {
    [dns("a.org", "A")]: failing,
    [dns("a.org", "AAAA")]: failing,
    [other("a.org", "A")]: () => assert.fail("asked for a better answer"),
  };
  assert.deepEqual(await network(script).resolver.addresses("a.org"), { kind: "failed" });
});

test("resolvers are those that the deployment names, else two of ours; what is no https address is none", () => {
  assert.equal(parseResolvers(" ").length, 2);
  assert.deepEqual(parseResolvers("https://dns.example/q,https://b.example/resolve"), [
    "https://dns.example/q",
    "https://b.example/resolve",
  ]);
  assert.deepEqual(parseResolvers("http://dns.example/q 9.9.9.9 https://dns.example/q?x=1"), []);
});
