import assert from "node:assert/strict";
import { test } from "node:test";
import type { Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import type { RequestResult } from "../link/iq.ts";
import { stanza } from "../testing/stanza.ts";
import { aboutRooms, findRooms } from "./finding.ts";

const ME = "me@a.example" as BareJid;
const INFO = "http://jabber.org/protocol/disco#info";
const ITEMS = "http://jabber.org/protocol/disco#items";
const SEARCH = "urn:xmpp:channel-search:0:search";
const RSM = "http://jabber.org/protocol/rsm";

const result = (inner: string): RequestResult => ({ ok: true, value: stanza(`<iq type='result'>${inner}</iq>`) });
const refused = (condition: string): RequestResult => ({ ok: false, error: { kind: "stanza-error", condition } });
const info = (inner: string) => result(`<query xmlns='${INFO}'>${inner}</query>`);
const CONFERENCE = `<identity category='conference' type='text'/><feature var='http://jabber.org/protocol/muc'/>`;

/** Answers by whom was asked and what; what is not here is refused. */
function world(answers: Readonly<Record<string, RequestResult | ((iq: Element) => RequestResult)>>) {
  const asked: Element[] = [];
  const request = async (iq: Element): Promise<RequestResult> => {
    asked.push(iq);
    const [what] = iq.getChildElements();
    const kind = what?.getNS() === INFO ? "info" : what?.getNS() === ITEMS ? "items" : "search";
    const answer = answers[`${kind} ${iq.attrs["to"]}`] ?? refused("service-unavailable");
    return typeof answer === "function" ? answer(iq) : answer;
  };
  return { link: { request }, asked };
}

const own = {
  "items a.example": result(`<query xmlns='${ITEMS}'><item jid='rooms.a.example'/></query>`),
  "info rooms.a.example": info(CONFERENCE),
};
const page = (from: number, to: number, rest = "") =>
  result(
    `<query xmlns='${ITEMS}'>${Array.from({ length: to - from }, (_, n) => `<item jid='r${from + n}@rooms.a.example' name='Room ${from + n}'/>`).join("")}${rest}</query>`,
  );
const set = (last: string) => `<set xmlns='${RSM}'><last>${last}</last><count>250</count></set>`;

test("the rooms of the own server come page by page, by their names", async () => {
  const { link, asked } = world({
    ...own,
    "items rooms.a.example": (iq) =>
      String(iq).includes("<after>r99</after>") ? page(100, 150, set("r149")) : page(0, 100, set("r99")),
  });
  const first = await findRooms(link, ME, {});
  assert.ok(first.ok);
  assert.deepEqual(
    [first.value.service, first.value.searches, first.value.rooms.length, first.value.next, first.value.rooms[0]],
    ["rooms.a.example", false, 100, "r99", { jid: "r0@rooms.a.example", name: "Room 0" }],
  );
  const second = await findRooms(link, ME, { service: "rooms.a.example", after: "r99" });
  assert.ok(second.ok);
  assert.deepEqual([second.value.rooms.length, second.value.next], [50, undefined], "the last page has none behind it");
  assert.match(String(asked.at(-1)), /<max>100<\/max><after>r99<\/after>/);
});

test("a service that knows no pages is cut; what is no room of people is left out, and each is there once", async () => {
  const { link } = world({
    ...own,
    "items rooms.a.example": page(
      0,
      3_000,
      "<item jid='rooms.a.example'/><item jid='a b@x'/><item jid='r1@rooms.a.example/nick'/><item jid='R1@rooms.a.example'/><item jid='n@rooms.a.example' node='x'/>",
    ),
  });
  const found = await findRooms(link, ME, {});
  assert.ok(found.ok);
  assert.deepEqual([found.value.rooms.length, found.value.next], [500, undefined]);
});

test("a server that is named stands for its rooms; one without, or that is away, says so", async () => {
  const { link } = world({
    "info b.example": info("<identity category='server' type='im'/>"),
    "items b.example": result(`<query xmlns='${ITEMS}'><item jid='chat.b.example'/></query>`),
    "info chat.b.example": info(CONFERENCE),
    "items chat.b.example": page(0, 2),
    "info empty.example": info("<identity category='server' type='im'/>"),
    "info away.example": refused("remote-server-not-found"),
    "info slow.example": { ok: false, error: { kind: "timed-out" } },
  });
  const found = await findRooms(link, ME, { service: "b.example" });
  assert.equal(found.ok && found.value.service, "chat.b.example");
  const kinds = await Promise.all(
    ["empty.example", "away.example", "slow.example"].map(async (service) => {
      const answer = await findRooms(link, ME, { service });
      return answer.ok ? undefined : [answer.error.kind, answer.error.detail];
    }),
  );
  assert.deepEqual(kinds, [
    ["not-found", undefined],
    ["peer-refused", "remote-server-not-found"],
    ["peer-refused", "no answer"],
  ]);
});

test("a service that searches is asked for the words (XEP-0433), and channels that are no rooms are left out", async () => {
  const { link, asked } = world({
    "info search.b.example": info(`<feature var='${SEARCH}'/>`),
    "search search.b.example": result(
      `<result xmlns='${SEARCH}'><item address='xsf@muc.xmpp.org'><name>XSF</name><description>${"d".repeat(900)}</description><nusers>57</nusers><is-open/><service-type>xep-0045</service-type><anonymity-mode>none</anonymity-mode></item><item address='mix@m.example'><service-type>xep-0369</service-type></item><item address='not a room'/></result>`,
    ),
  });
  const found = await findRooms(link, ME, { service: "search.b.example", text: " xmpp " });
  assert.ok(found.ok);
  assert.equal(found.value.searches, true);
  assert.equal(found.value.rooms.length, 1);
  const { description, ...rest } = found.value.rooms[0] ?? { jid: ME };
  assert.deepEqual(rest, { jid: "xsf@muc.xmpp.org", name: "XSF", people: 57, membersOnly: false, hides: false });
  assert.equal(description?.length, 500);
  assert.match(String(asked.at(-1)), /<field var="q"><value>xmpp<\/value>/);
  await findRooms(link, ME, { service: "search.b.example" });
  assert.match(String(asked.at(-1)), /<field var="all"><value>true<\/value>/);
});

test("rooms say how they are entered, who is there and what they are about; those that are silent are no more than named", async () => {
  const form = `<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roominfo</value></field><field var='muc#roominfo_description'><value>Brewing</value></field><field var='muc#roominfo_occupants'><value>12</value></field></x>`;
  const rooms = [
    "open@c.example",
    "closed@c.example",
    "none@c.example",
    "silent@c.example",
    "person@c.example",
  ] as BareJid[];
  const { link } = world({
    "info open@c.example": info(
      `<identity category='conference' type='text' name='Coven'/><feature var='muc_open'/><feature var='muc_unsecured'/><feature var='muc_semianonymous'/>${form}`,
    ),
    "info closed@c.example": info(
      `<identity category='conference' type='text'/><feature var='muc_membersonly'/><feature var='muc_passwordprotected'/><feature var='muc_nonanonymous'/>`,
    ),
    "info none@c.example": refused("item-not-found"),
    "info silent@c.example": { ok: false, error: { kind: "timed-out" } },
    "info person@c.example": info(`<identity category='account' type='registered' name='Bob'/>`),
  });
  assert.deepEqual(await aboutRooms(link, rooms), [
    {
      jid: "open@c.example",
      name: "Coven",
      description: "Brewing",
      people: 12,
      membersOnly: false,
      password: false,
      hides: true,
    },
    { jid: "closed@c.example", membersOnly: true, password: true, hides: false },
    { jid: "none@c.example", missing: true },
    { jid: "silent@c.example" },
    { jid: "person@c.example" },
  ]);
});
