import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import xml, { type Element } from "@xmpp/xml";
import type { MessageContent } from "../../worker/contract/entries.ts";
import { FILE_LIMITS } from "../../worker/contract/media.ts";
import type { BareJid, BrowserId, DeviceId, EntryId } from "../../worker/contract/names.ts";
import { openTicket } from "../../worker/shared/file-ticket.ts";
import type { RequestResult } from "../link/iq.ts";
import { storesOf } from "../testing/stores.ts";
import { buildInfo, NS_DISCO_ITEMS } from "../xep/disco.ts";

// After the hook that loads `.sql` files.
const { Files } = await import("./files.ts");

const ME = "me@a.example.org" as BareJid;
const BOB = "bob@b.example.org" as BareJid;
const BROWSER = "b1" as BrowserId;
const SECRET = "a secret of this deployment, long enough";
const UPLOAD = "urn:xmpp:http:upload:0";
const MEGABYTE = 1024 * 1024;

const result = (payload: Element): RequestResult => ({ ok: true, value: xml("iq", { type: "result" }, payload) });
const refusal = (condition: string, name?: string): RequestResult => ({
  ok: false,
  error: { kind: "stanza-error", condition, ...(name && { application: { name, namespace: UPLOAD } }) },
});

type Server = {
  readonly service?: string;
  readonly mostBytes?: number;
  readonly put?: string;
  readonly get?: string;
  readonly slot?: RequestResult;
  readonly named?: boolean;
  readonly live?: boolean;
  readonly takesFiles?: boolean;
};

function scene({
  service = "upload.a.example.org",
  mostBytes,
  named = false,
  live = true,
  takesFiles = true,
  ...server
}: Server = {}) {
  const stores = storesOf(ME);
  const asked: Element[] = [];
  const { put = "https://up.a.example.org/s/1", get = "https://down.a.example.org/s/1" } = server;
  const slot = xml(
    "slot",
    { xmlns: UPLOAD },
    xml("put", { url: put }, xml("header", { name: "Authorization" }, "Bearer x")),
    xml("get", { url: get }),
  );
  const form = xml(
    "x",
    { xmlns: "jabber:x:data", type: "result" },
    xml("field", { var: "FORM_TYPE" }, xml("value", {}, UPLOAD)),
    xml("field", { var: "max-file-size" }, xml("value", {}, `${mostBytes}`)),
  );
  const request = async (iq: Element): Promise<RequestResult> => {
    if (iq.getChild("request") !== undefined) {
      asked.push(iq);
      return server.slot ?? result(slot);
    }
    if (iq.getChild("query", NS_DISCO_ITEMS) !== undefined)
      return result(xml("query", { xmlns: NS_DISCO_ITEMS }, xml("item", { jid: service }), xml("item", { jid: BOB })));
    if (iq.attrs["to"] !== service) return refusal("service-unavailable");
    const info = buildInfo({ identities: [], features: takesFiles ? [UPLOAD] : [], forms: [] });
    if (mostBytes !== undefined) info.append(form);
    return result(info);
  };
  const link = { request, live, link: undefined };
  const settings = { mostBytes: 100 * MEGABYTE, mostBytesADay: 1_000 * MEGABYTE, ports: [], secret: SECRET };
  const files = new Files(stores, link, { ...settings, isNamed: () => named });
  const say = (content: MessageContent): EntryId =>
    stores.turn(() => stores.log.message({ kind: "message", chat: BOB, sender: BOB, outgoing: false, at: 1, content }))
      .id;
  return { files, stores, asked, say };
}

const told = (url: string) => ({ digest: createHash("sha256").update(url).digest("base64url"), length: url.length });
const sealed = (length: number): MessageContent => ({
  kind: "omemo",
  omemo: { sid: 1 as DeviceId, iv: "", keys: [], payload: Buffer.alloc(length).toString("base64") },
});
const failure = (detail: string) => ({ ok: false, error: { kind: "file", detail } });

test("0363: whose limit counts is said before anything is chosen", async () => {
  const service = async (server: Server) => (await scene(server).files.service()) as unknown;
  const leftToday = 1_000 * MEGABYTE;
  assert.deepEqual(await service({ mostBytes: 5_000 }), {
    ok: true,
    value: { mostBytes: 5_000, limitedBy: "server", leftToday },
  });
  for (const server of [{}, { mostBytes: 200 * MEGABYTE }])
    assert.deepEqual(await service(server), {
      ok: true,
      value: { mostBytes: 100 * MEGABYTE, limitedBy: "deployment", leftToday },
    });
  assert.deepEqual(await service({ takesFiles: false }), failure("no-service"));
  assert.deepEqual(await service({ live: false }), { ok: false, error: { kind: "offline" } });
});

test("0363: a slot for a name that says nothing, and the ticket for it", async () => {
  const { files, asked } = scene();
  const slot = await files.slot(BROWSER, { size: 1_000, ending: "jpg" });
  assert.ok(slot.ok, JSON.stringify(slot));
  assert.equal(slot.value.url, "https://down.a.example.org/s/1");
  const { attrs } = asked[0]?.getChild("request") ?? assert.fail();
  assert.match(attrs["filename"] ?? "", /^[0-9a-f]{24}\.jpg$/);
  assert.deepEqual([attrs["size"], attrs["content-type"]], ["1000", "application/octet-stream"]);
  const ticket = await openTicket(SECRET, slot.value.ticket, { browser: BROWSER, now: Date.now() });
  assert.deepEqual(
    { ...ticket, until: 0 },
    {
      ...{ browser: BROWSER, url: "https://up.a.example.org/s/1", size: 1_000, type: "application/octet-stream" },
      ...{ headers: [["authorization", "Bearer x"]], trusted: false, until: 0 },
    },
  );
});

test("0363: what the server says against a slot has a reason each", async () => {
  const reason = async (server: Server, size = 10) => (await scene(server).files.slot(BROWSER, { size })) as unknown;
  assert.deepEqual(await reason({}, 0), failure("empty"));
  assert.deepEqual(await reason({ mostBytes: 9 }), failure("too-large"));
  assert.deepEqual(await reason({ slot: refusal("not-acceptable", "file-too-large") }), failure("too-large"));
  assert.deepEqual(await reason({ slot: refusal("resource-constraint", "retry") }), failure("server-quota"));
  assert.deepEqual(await reason({ slot: refusal("service-unavailable") }), failure("no-service"));
  assert.deepEqual(await reason({ slot: refusal("forbidden") }), {
    ok: false,
    error: { kind: "peer-refused", detail: "forbidden" },
  });
  assert.deepEqual(await reason({ slot: result(xml("nothing")) }), {
    ok: false,
    error: { kind: "malformed", detail: "no slot" },
  });
});

test("S10: a slot that leads to a private network is none, but of a server that the deployment names", async () => {
  const away = { put: "http://localhost:5280/up", get: "http://localhost:5280/up" };
  assert.deepEqual(await scene(away).files.slot(BROWSER, { size: 1 }), failure("address"));
  const foreign = { ...away, named: true, service: "upload.elsewhere.example.org" };
  assert.deepEqual(await scene(foreign).files.slot(BROWSER, { size: 1 }), failure("address"), "a service of others");
  const clear = { put: "http://10.0.0.1/up", get: "https://10.0.0.1/up", named: true };
  assert.deepEqual(await scene(clear).files.slot(BROWSER, { size: 1 }), failure("address"), "in clear over a network");
  for (const port of [22, 5222, 8080]) {
    const odd = { get: `https://down.a.example.org:${port}/` };
    assert.deepEqual(await scene(odd).files.slot(BROWSER, { size: 1 }), failure("address"));
  }
  const { files, stores, say } = scene({ ...away, named: true });
  const slot = await files.slot(BROWSER, { size: 1 });
  assert.ok(slot.ok);
  assert.deepEqual(stores.meta.get("slot-origins"), ["http://localhost:5280"]);
  const message = say({ kind: "clear", text: away.get });
  const allowed = await files.mayFetch({ message, ...told(away.get) });
  assert.deepEqual(allowed, { ok: true, value: { trusted: ["http://localhost:5280"] } });
});

test("S10: where a named server has its files is learned once, by a slot that nobody uses", async () => {
  const { files, say, asked } = scene({
    get: "https://10.0.0.1:5281/up",
    put: "https://10.0.0.1:5281/up",
    named: true,
  });
  const link = "https://10.0.0.1:5281/a";
  const message = say({ kind: "clear", text: link });
  const allowed = { ok: true, value: { trusted: ["https://10.0.0.1:5281"] } };
  assert.deepEqual(await files.mayFetch({ message, ...told(link) }), allowed);
  assert.deepEqual(await files.mayFetch({ message, ...told(link) }), allowed);
  assert.equal(asked.length, 1);
});

test("S10: links are counted for each encrypted message, for good", async () => {
  const { files, say, stores } = scene();
  const message = say(sealed(300));
  const links = Array.from({ length: FILE_LIMITS.linksOfMessage + 1 }, (_, n) => `https://f.example.org/${n}`);
  for (const link of links.slice(0, -1)) assert.ok((await files.mayFetch({ message, ...told(link) })).ok);
  const last = told(links.at(-1) ?? "");
  assert.deepEqual(await files.mayFetch({ message, ...last }), failure("not-named"));
  assert.ok(
    (await files.mayFetch({ message, ...told(links[0] ?? "") })).ok,
    "what it stood for it goes on standing for",
  );
  assert.equal(stores.fileLinks.of(message).length, FILE_LIMITS.linksOfMessage);
  const none = crypto.randomUUID() as EntryId;
  assert.deepEqual(await files.mayFetch({ message: none, ...last }), failure("not-named"));
  assert.deepEqual(await files.mayFetch({ message: say(sealed(10)), ...last }), failure("not-named"));
});

test("what passes in a day is counted both ways, and begins anew at midnight", async (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-28T23:00:00Z") });
  const { files, say } = scene();
  const link = "https://f.example.org/a";
  const message = say({ kind: "clear", text: link });
  for (let n = 0; n < 9; n += 1) assert.ok((await files.slot(BROWSER, { size: 100 * MEGABYTE })).ok);
  files.passed(60 * MEGABYTE);
  assert.deepEqual(await files.slot(BROWSER, { size: 50 * MEGABYTE }), failure("day"));
  const service = await files.service();
  assert.equal(service.ok && service.value.leftToday, 40 * MEGABYTE);
  assert.ok((await files.mayFetch({ message, ...told(link) })).ok);
  files.passed(50 * MEGABYTE);
  assert.deepEqual(await files.mayFetch({ message, ...told(link) }), failure("day"));
  context.mock.timers.tick(60 * 60_000);
  assert.ok((await files.slot(BROWSER, { size: 50 * MEGABYTE })).ok);
  assert.ok((await files.mayFetch({ message, ...told(link) })).ok);
});

test("so many downloads within a minute wait for the next one", async (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-28T08:00:00Z") });
  const { files, say } = scene();
  const link = "https://f.example.org/a";
  const asked = { message: say({ kind: "clear", text: link }), ...told(link) };
  for (let n = 0; n < 600; n += 1) assert.ok((await files.mayFetch(asked)).ok);
  assert.deepEqual(await files.mayFetch(asked), failure("too-many"));
  context.mock.timers.tick(60_000);
  assert.ok((await files.mayFetch(asked)).ok);
});
