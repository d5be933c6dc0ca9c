import assert from "node:assert/strict";
import { test } from "node:test";
import xml, { type Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import type { RequestResult } from "../link/iq.ts";
import { buildInfo } from "../xep/disco.ts";
import { isPrivate, NS_MUC } from "../xep/muc.ts";
import { announcedBy, askRoom } from "./kind.ts";

const ROOM = "coven@chat.b.example" as BareJid;
const TEXT = { category: "conference", type: "text" };
const PRIVATE = [NS_MUC, "muc_membersonly", "muc_nonanonymous"];

const asked = (answer: RequestResult) => askRoom({ request: async () => answer }, ROOM);
const answered = (...payload: readonly Element[]) =>
  asked({ ok: true, value: xml("iq", { type: "result" }, ...payload) });
const refused = (condition: string) => asked({ ok: false, error: { kind: "stanza-error", condition } });

test("R3: a room is private or not by its own whole word alone", async () => {
  const of = async (identity: typeof TEXT & { name?: string }, ...features: string[]) =>
    answered(buildInfo({ identities: [identity], features, forms: [] }));
  assert.deepEqual(await of(TEXT, ...PRIVATE), { kind: "told", announced: { features: PRIVATE } });
  assert.ok(isPrivate(PRIVATE));
  for (const open of [["muc_open", "muc_nonanonymous"], ["muc_membersonly", "muc_semianonymous"], ["muc_open"]]) {
    const answer = await of(TEXT, NS_MUC, ...open);
    assert.ok(answer.kind === "told" && !isPrivate(answer.announced.features), open.join());
  }
  const gateway = await of({ category: "conference", type: "irc" }, "urn:xmpp:ping");
  assert.equal(gateway.kind, "told", "rooms of gateways use none of these words");
});

test("R3: an error, half an answer and none at all say nothing about a room", async () => {
  const conditions = [
    "remote-server-timeout",
    "remote-server-not-found",
    "service-unavailable",
    "feature-not-implemented",
    "forbidden",
    "internal-server-error",
    "undefined-condition",
  ];
  for (const condition of conditions) assert.deepEqual(await refused(condition), { kind: "unknown" }, condition);
  assert.deepEqual(await asked({ ok: false, error: { kind: "timed-out" } }), { kind: "unknown" });
  assert.deepEqual(await asked({ ok: false, error: { kind: "lost" } }), { kind: "lost" });
  assert.deepEqual(await refused("item-not-found"), { kind: "missing" });
  assert.deepEqual(await answered(), { kind: "unknown" }, "no query");
  const halves = [
    { identities: [TEXT], features: [] },
    { identities: [TEXT], features: [NS_MUC] },
    { identities: [TEXT], features: [NS_MUC, "muc_membersonly"] },
    { identities: [], features: PRIVATE },
    { identities: [{ category: "server", type: "im" }], features: [NS_MUC, "muc_open"] },
  ];
  for (const half of halves) assert.equal(announcedBy({ ...half, forms: [] }), undefined, JSON.stringify(half));
});

test("P5: a room's name is what its identity says, without what stands around it", () => {
  const named = (name?: string) =>
    announcedBy({ identities: [{ ...TEXT, ...(name !== undefined && { name }) }], features: PRIVATE, forms: [] })?.name;
  assert.equal(named(" Ridge walks "), "Ridge walks");
  assert.equal(named("x".repeat(5_000))?.length, 200);
  for (const none of ["", "  ", undefined]) assert.equal(named(none), undefined);
});
