import assert from "node:assert/strict";
import { test } from "node:test";
import type { SrvAnswer } from "../../worker/network/resolver.ts";
import { judgeNames, type NamesSeen, type TargetSeen } from "./names.ts";

const NONE: SrvAnswer = { kind: "none" };
const OPEN: TargetSeen = { open: true, hidden: false };
const nobody = ["/.well-known/host-meta.json", "/.well-known/host-meta"].map((path) => ({
  ...{ path, text: undefined },
  outcome: { status: 404 },
}));

function found(authenticated: boolean, target: string, port = 5222): SrvAnswer {
  return { kind: "found", authenticated, records: [{ priority: 0, weight: 0, target, port }] };
}

function judged(seen: Partial<NamesSeen>, reached = false): readonly string[] {
  const targets = new Map([
    ["x.a.org", OPEN],
    ["h.net", OPEN],
  ]);
  const all = { ...{ direct: NONE, startTls: NONE, hostMeta: nobody, targets }, ...seen };
  return judgeNames("a.org", all, reached).map(({ level, id }) => `${level} ${id}`);
}

const text = (href: string): string => JSON.stringify({ links: [{ rel: "urn:xmpp:alt-connections:websocket", href }] });

test("D14: records are judged as the object follows them", () => {
  assert.deepEqual(judged({ startTls: found(false, "x.a.org") }).slice(2), ["ok srv", "unseen dnssec"]);
  assert.deepEqual(judged({ startTls: found(true, "h.net") }).slice(2), ["ok srv", "ok dnssec"]);
  assert.deepEqual(judged({ startTls: found(false, "h.net") }).slice(2), ["fault srv-unproven"]);
  assert.deepEqual(judged({ startTls: found(true, "x.a.org", 25) }).slice(2), ["fault srv-port", "ok dnssec"]);
  assert.deepEqual(judged({ startTls: found(true, "10.0.0.1") }).slice(2), ["fault srv-name", "ok dnssec"]);
  assert.deepEqual(judged({ startTls: found(true, "inside.net") }).slice(2), ["fault srv-address", "ok dnssec"]);
  assert.deepEqual(judged({ startTls: found(true, "") }).slice(2), ["unseen srv-declined", "ok dnssec"]);
  assert.deepEqual(judged({ startTls: { kind: "failed" } }).slice(2), ["fault srv-unanswered"]);
});

test("D14: XMPP behind the platform's own proxy is seen by its address", () => {
  const targets = new Map([["x.a.org", { open: true, hidden: true }]]);
  assert.deepEqual(judged({ startTls: found(true, "x.a.org"), targets }).slice(2), ["fault srv-proxy", "ok dnssec"]);
});

test("D14: what is wrong beside a way in is no fault", () => {
  assert.deepEqual(judged({ startTls: found(false, "h.net") }, true).slice(2), ["warning srv-unproven"]);
  assert.deepEqual(judged({}, true)[0], "unseen host-meta");
  assert.deepEqual(judged({}, false)[0], "warning host-meta");
});

test("D14: of host-meta both forms are looked at, and where they lead", () => {
  const [json, xrd] = nobody as [(typeof nobody)[0], (typeof nobody)[0]];
  const hostMeta = (href: string) => [{ ...json, text: text(href) }, xrd];
  assert.deepEqual(judged({ hostMeta: hostMeta("wss://h.net/ws") }).slice(0, 3), [
    ...["ok host-meta", "warning host-meta", "ok host-meta-address"],
  ]);
  for (const href of ["ws://a.org/ws", "wss://a.org:8443/ws", "wss://10.0.0.1/ws", "wss://a.org/ws?a=b"])
    assert.equal(judged({ hostMeta: hostMeta(href) })[2], "warning host-meta-address", href);
});
