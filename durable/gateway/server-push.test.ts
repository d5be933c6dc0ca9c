import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import type { RequestResult } from "../link/iq.ts";
import { stanza } from "../testing/stanza.ts";
import { storesOf } from "../testing/stores.ts";
import type { Standing } from "./line.ts";

const { ServerPush } = await import("./server-push.ts");

const OK: RequestResult = { ok: true, value: stanza("<iq type='result'/>") };
const REFUSED: RequestResult = { ok: false, error: { kind: "stanza-error", condition: "feature-not-implemented" } };
const JID = "push@gateway.example/there";

/** An account that looks in, with a browser that is rung, at a server that pushes. */
function world(more: { readonly gateway?: false; readonly features?: readonly string[] } = {}) {
  const stores = storesOf("alice@example.org" as BareJid);
  stores.meta.set("looks-in", true);
  stores.meta.set("server-features", more.features ?? ["urn:xmpp:push:0"]);
  const asked: string[] = [];
  const it = {
    stores,
    asked,
    standing: { jid: JID, since: Date.now() - 1 } as Standing | undefined,
    questions: 0,
    answer: OK,
    rings: { any: true },
    told: () => stores.meta.get("server-push"),
  };
  const push = new ServerPush({
    stores,
    rings: it.rings,
    link: {
      live: true,
      tellState: () => undefined,
      request: async (iq) => {
        asked.push(iq.toString());
        return it.answer;
      },
    },
    gateway:
      more.gateway === false
        ? undefined
        : {
            seal: async (pass) => `sealed-${pass}`,
            standing: async () => {
              it.questions += 1;
              return it.standing;
            },
          },
  });
  return { ...it, it, push };
}

test("the server is told where to push, once, and by the name that it was told before", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  const { asked, push, told } = world();
  t.mock.timers.tick(10);
  await push.settle(true);
  const first = told() ?? assert.fail();
  assert.deepEqual({ jid: first.jid, node: first.node }, { jid: JID, node: `sealed-${first.pass}` });
  assert.ok(push.knows(first.pass));
  assert.equal(push.knows("another"), false);
  await push.settle(true);
  assert.equal(asked.length, 1);
  t.mock.timers.tick(13 * 60 * 60_000);
  await push.settle(true);
  assert.equal(asked.length, 2, "servers forget");
  assert.equal(asked[0], asked[1]);
});

const NEVER: readonly (readonly [string, Parameters<typeof world>[0], ((of: ReturnType<typeof world>) => void)?])[] = [
  ["the deployment has no gateway", { gateway: false }],
  ["the server does not push", { features: [] }],
  ["nobody is to be rung", {}, ({ rings }) => (rings.any = false)],
  [
    "the account is always online",
    {},
    ({ stores }) => {
      stores.meta.delete("looks-in");
      stores.meta.set("stay-online", true);
    },
  ],
  ["the gateway does not stand", {}, ({ it }) => (it.standing = undefined)],
];

for (const [why, more, change] of NEVER) {
  test(`the server is told nothing where ${why}`, async () => {
    const of = world(more);
    change?.(of);
    await of.push.settle(true);
    assert.deepEqual(of.asked, []);
    assert.equal(of.told(), undefined);
  });
}

test("whatever ends it, the server is told, and the account relies on it no more", async () => {
  for (const [, , change] of NEVER.slice(2)) {
    const of = world();
    await of.push.settle(true);
    change?.(of);
    await of.push.settle(true);
    assert.equal(of.told(), undefined);
    assert.equal(of.asked.at(-1), `<iq type="set"><disable xmlns="urn:xmpp:push:0" jid="${JID}"/></iq>`);
  }
});

test("a server that refuses is not relied on", async () => {
  const { it, push, told } = world();
  it.answer = REFUSED;
  await push.settle(true);
  assert.equal(told(), undefined);
});

test("a gateway at another address is told to the server in place of the one before", async () => {
  const { it, asked, push, told } = world();
  await push.settle(true);
  it.standing = { jid: "push@elsewhere.example/x", since: Date.now() - 1 };
  await push.settle(true);
  assert.match(asked[1] ?? "", /<disable [^>]*push@gateway/);
  assert.match(asked[2] ?? "", /<enable [^>]*push@elsewhere/);
  assert.equal(told()?.jid, "push@elsewhere.example/x");
});

test("between two streams the gateway is not asked at each heartbeat", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  const { it, push } = world();
  for (let beat = 0; beat < 12; beat += 1) {
    await push.settle(false);
    t.mock.timers.tick(50_000);
  }
  assert.equal(it.questions, 1);
  await push.settle(false);
  assert.equal(it.questions, 2);
});

test("what was pushed while the gateway was away may have been missed", async () => {
  const { push, told } = world();
  assert.equal(push.missed(undefined), false, "nobody relies on it");
  await push.settle(true);
  const at = told()?.at ?? assert.fail();
  assert.equal(push.missed({ jid: JID, since: at - 1 }), false);
  assert.equal(push.missed({ jid: JID, since: at + 1 }), true);
  assert.equal(push.missed({ jid: "push@elsewhere.example/x", since: at - 1 }), true);
  assert.equal(push.missed(undefined), true);
});

test("an account that cannot look while nobody is there has its server push all the same, to ring for it; it is not had to look", async () => {
  const { stores, push, told } = world();
  stores.meta.delete("looks-in");
  await push.settle(true);
  const { pass } = told() ?? assert.fail();
  assert.ok(push.knows(pass));
  assert.equal(push.missed(undefined), false);
});

test("who is rung no more has the server told, also where it is just being told to push", async () => {
  const of = world();
  const beginning = of.push.settle(true);
  for (let turn = 0; turn < 100 && of.asked.length === 0; turn += 1) await Promise.resolve();
  assert.equal(of.told(), undefined);
  of.rings.any = false;
  await of.push.settle(true);
  await beginning;
  assert.equal(of.told(), undefined);
  assert.match(of.asked.at(-1) ?? "", /<disable /);
});

test("an account that goes has its server push no more, and tells nothing to one that was told nothing", async () => {
  const { asked, push, told } = world();
  await push.end();
  assert.deepEqual(asked, []);
  await push.settle(true);
  await push.end();
  assert.equal(told(), undefined);
  assert.match(asked.at(-1) ?? "", /<disable /);
});
