import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { xml, type Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { Requests, type RequestResult } from "./iq.ts";
import { NS_STANZA_CONDITION } from "../xep/namespaces.ts";

const ME = "me@a.org" as BareJid;
const MY_FULL = "me@a.org/alcove";

let asked: Requests[] = [];

afterEach(() => {
  for (const requests of asked) requests.lose();
  asked = [];
});

function ask(to?: string) {
  const requests = new Requests(ME, MY_FULL);
  asked.push(requests);
  const iq = xml("iq", { type: "get", to }, xml("query", { xmlns: "urn:example" }));
  let settled: RequestResult | undefined;
  const result = requests
    .request(iq, () => true, { timeoutMs: 60_000 })
    .then((value) => {
      settled = value;
      return value;
    });
  const reply = (from: string | undefined, type = "result", ...children: Element[]): boolean =>
    requests.answer(xml("iq", { type, id: iq.attrs["id"], from }, ...children));
  return { requests, iq, result, reply, settled: () => settled };
}

for (const from of [undefined, "me@a.org", MY_FULL, "a.org", "ME@A.org"]) {
  test(`a question to the own account may be answered from ${from ?? "nobody"}`, async () => {
    for (const to of [undefined, "me@a.org"]) {
      const { reply, result } = ask(to);
      assert.equal(reply(from), true);
      assert.equal((await result).ok, true);
    }
  });
}

test("an answer from a stranger with the right id is ignored and the real one still counts", async () => {
  const { reply, result } = ask("bob@b.org");
  for (const from of ["eve@x.org", "bob@b.org/phone", "me@a.org", "b.org", undefined, "", "@"]) {
    assert.equal(reply(from), false, String(from));
    assert.equal(reply(from, "error"), false);
  }
  assert.equal(reply("bob@b.org"), true);
  assert.equal((await result).ok, true);
});

test("a stranger cannot answer or refuse what was asked of the own account", () => {
  const { reply, settled } = ask();
  for (const from of ["eve@x.org", "me@a.org/other", "me@evil.org", "sub.a.org", "eve@a.org"]) {
    assert.equal(reply(from), false);
    assert.equal(reply(from, "error"), false);
  }
  assert.equal(settled(), undefined);
});

test("an answer counts once, and only as result or error", async () => {
  const { reply, result } = ask("a.org");
  assert.equal(reply("a.org", "set"), false);
  assert.equal(reply("a.org", "get"), false);
  assert.equal(reply("a.org"), true);
  assert.equal(reply("a.org"), false);
  await result;
});

test("an error becomes a value with its condition and the application's own", async () => {
  const { reply, result } = ask();
  reply(
    undefined,
    "error",
    xml(
      "error",
      { type: "cancel" },
      xml("conflict", { xmlns: NS_STANZA_CONDITION }),
      xml("precondition-not-met", { xmlns: "http://jabber.org/protocol/pubsub#errors" }),
      xml("text", { xmlns: NS_STANZA_CONDITION }, "Not now"),
    ),
  );
  assert.deepEqual(await result, {
    ok: false,
    error: {
      kind: "stanza-error",
      condition: "conflict",
      application: { name: "precondition-not-met", namespace: "http://jabber.org/protocol/pubsub#errors" },
    },
  });
});

test("every open question is lost with the stream", async () => {
  const { requests, result } = ask("bob@b.org");
  requests.lose();
  assert.deepEqual(await result, { ok: false, error: { kind: "lost" } });
});

test("a question without an answer times out, and a late answer is ignored", async () => {
  const requests = new Requests(ME, MY_FULL);
  const iq = xml("iq", { type: "get" });
  assert.deepEqual(await requests.request(iq, () => true, { timeoutMs: 5 }), {
    ok: false,
    error: { kind: "timed-out" },
  });
  assert.equal(requests.answer(xml("iq", { type: "result", id: iq.attrs["id"] })), false);
});

test("a question that cannot be written is lost at once", async () => {
  const result = await new Requests(ME, MY_FULL).request(xml("iq", { type: "get" }), () => false);
  assert.deepEqual(result, { ok: false, error: { kind: "lost" } });
});

test("ids are 128 random bits", () => {
  const [a, b] = [ask().iq.attrs["id"], ask().iq.attrs["id"]];
  assert.match(a ?? "", /^[0-9a-f]{32}$/);
  assert.notEqual(a, b);
});
