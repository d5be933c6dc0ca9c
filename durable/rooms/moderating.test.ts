import assert from "node:assert/strict";
import { test } from "node:test";
import type { Element } from "@xmpp/xml";
import parse from "@xmpp/xml/lib/parse.js";
import type { BareJid, EntryId } from "../../worker/contract/names.ts";
import type { RequestResult } from "../link/iq.ts";
import type { Stores } from "../store/stores.ts";
import { moderate } from "./moderating.ts";

const ROOM = "room@conference.a.example" as BareJid;
const [CURRENT, OLD] = ["urn:xmpp:message-moderate:1", "urn:xmpp:message-moderate:0"];

/** A room that announces this, of whose archive one message is known. */
function stage(features: readonly string[], answer?: string) {
  const asked: string[] = [];
  const request = async (iq: Element): Promise<RequestResult> => {
    asked.push(String(iq));
    if (answer === undefined) return { ok: true, value: parse("<iq xmlns='jabber:client' type='result'/>") };
    return { ok: false, error: { kind: "stanza-error", condition: answer } };
  };
  const kept = { chat: ROOM, archive: { by: ROOM, id: "a1" } };
  const foreign = { chat: ROOM, archive: { by: "me@a.example", id: "a2" } };
  const stores = {
    log: { messageAt: (id: string) => (id === "kept" ? kept : id === "foreign" ? foreign : undefined) },
    rooms: { get: () => ({ features }) },
  } as unknown as Stores;
  const ask = (message: string, reason?: string) =>
    moderate(stores, { request }, { chat: ROOM, message: message as EntryId, ...(reason && { reason }) });
  return { ask, asked };
}

test("XEP-0425: a message is named as the room keeps it, in the version that the room speaks", async () => {
  const current = stage([OLD, CURRENT]);
  assert.equal((await current.ask("kept", "adverts")).ok, true);
  assert.equal(
    current.asked[0],
    `<iq type="set" to="${ROOM}"><moderate xmlns="${CURRENT}" id="a1"><retract xmlns="urn:xmpp:message-retract:1"/><reason>adverts</reason></moderate></iq>`,
  );
  const old = stage([OLD]);
  assert.equal((await old.ask("kept")).ok, true);
  assert.equal(
    old.asked[0],
    `<iq type="set" to="${ROOM}"><apply-to xmlns="urn:xmpp:fasten:0" id="a1"><moderate xmlns="${OLD}"><retract xmlns="urn:xmpp:message-retract:0"/></moderate></apply-to></iq>`,
  );
});

test("what the room has no name for, or takes nothing away, is asked of nobody; each refusal has a word", async () => {
  const gone = { ok: false, error: { kind: "not-found", detail: "no such message" } };
  for (const [features, message] of [
    [[CURRENT], "foreign"],
    [[CURRENT], "unknown"],
    [[], "kept"],
  ] as const) {
    const link = stage(features);
    assert.deepEqual(await link.ask(message), gone);
    assert.deepEqual(link.asked, []);
  }
  const why = async (condition: string) => {
    const answer = await stage([CURRENT], condition).ask("kept");
    return answer.ok ? "done" : answer.error.detail;
  };
  assert.equal(await why("forbidden"), "not allowed");
  assert.equal(await why("item-not-found"), "no such message");
});
