import assert from "node:assert/strict";
import { test } from "node:test";
import xml, { type Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import type { RequestResult } from "../link/iq.ts";
import { findRoomService } from "./service.ts";
import { buildInfo, NS_DISCO_ITEMS } from "../xep/disco.ts";
import { NS_MUC } from "../xep/muc.ts";

const ACCOUNT = "me@a.example" as BareJid;
const ROOMS = { category: "conference", type: "text" };

const answer = (payload: Element): RequestResult => ({ ok: true, value: xml("iq", { type: "result" }, payload) });
const refusal: RequestResult = {
  ok: false,
  error: { kind: "stanza-error", condition: "service-unavailable" },
};

/** A server whose services are what these say of themselves; `asked` in order. */
function serverWith(services: Readonly<Record<string, RequestResult>>, listed = Object.keys(services)) {
  const asked: string[] = [];
  const request = async (iq: Element): Promise<RequestResult> => {
    const to = String(iq.attrs["to"]);
    asked.push(to);
    if (iq.getChild("query", NS_DISCO_ITEMS) === undefined) return services[to] ?? refusal;
    return answer(
      xml(
        "query",
        { xmlns: NS_DISCO_ITEMS },
        listed.map((jid) => xml("item", { jid })),
      ),
    );
  };
  return { link: { request }, asked };
}

const saying = (identity: { category: string; type: string }, ...features: string[]) =>
  answer(buildInfo({ identities: [identity], features, forms: [] }));

test("the first service that says it has rooms of text; what is no service is not asked", async () => {
  const { link, asked } = serverWith({
    "upload.a.example": saying({ category: "store", type: "file" }),
    "irc.a.example": saying({ category: "conference", type: "irc" }, NS_MUC),
    "lobby@rooms.a.example": saying(ROOMS, NS_MUC),
    "broken.a.example": refusal,
    "rooms.a.example": saying(ROOMS, NS_MUC),
  });
  assert.deepEqual(await findRoomService(link, ACCOUNT), { ok: true, value: { service: "rooms.a.example" } });
  assert.deepEqual(asked, ["a.example", "upload.a.example", "irc.a.example", "broken.a.example", "rooms.a.example"]);
});

test("a server without one says so, one that is silent is offline, one that lists thousands is asked for a few", async () => {
  assert.deepEqual(await findRoomService(serverWith({}).link, ACCOUNT), { ok: false, error: { kind: "not-found" } });
  const silent = { request: async (): Promise<RequestResult> => ({ ok: false, error: { kind: "lost" } }) };
  assert.deepEqual(await findRoomService(silent, ACCOUNT), { ok: false, error: { kind: "offline" } });
  const { link, asked } = serverWith(
    {},
    Array.from({ length: 3_000 }, (_, n) => `s${n}.a.example`),
  );
  await findRoomService(link, ACCOUNT);
  assert.ok(asked.length < 30);
});
