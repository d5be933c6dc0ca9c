import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { line, stanza } from "../testing/stanza.ts";
import { buildBookmark, parseBookmark } from "./bookmarks.ts";
import { parseOld, requestsOfOld } from "./bookmarks-old.ts";

const ROOM = "theplay@conference.shakespeare.lit" as BareJid;
const NS = "urn:xmpp:bookmarks:1";
const conference = (inner: string, attributes = "") =>
  stanza(`<conference xmlns='${NS}' ${attributes}>${inner}</conference>`);
const item = (inner: string, attributes = "", id: string = ROOM) => ({ id, payload: conference(inner, attributes) });

test("a room, as XEP-0402 prints it", () => {
  assert.deepEqual(
    parseBookmark(
      item("<nick>JC</nick><password>cauldron</password>", "name='The Play&apos;s the Thing' autojoin='true'"),
    ),
    { jid: ROOM, name: "The Play's the Thing", autojoin: true, nick: "JC", password: "cauldron" },
  );
  assert.deepEqual(parseBookmark(item("")), { jid: ROOM, autojoin: false });
  assert.equal(parseBookmark(item("", "autojoin='1'"))?.autojoin, true);
});

for (const id of ["", "nobody", "a b@c.example", "room@service/nick", "x@", `${"x".repeat(2_000)}@c.example`])
  test(`a bookmark under "${id.slice(0, 20)}" is none`, () => {
    assert.equal(parseBookmark(item("", "autojoin='true'", id)), undefined);
  });

test("what is no bookmark is none, and names, nicknames and passwords have bounds", () => {
  assert.equal(
    parseBookmark({ id: ROOM, payload: stanza("<conference xmlns='urn:other' autojoin='true'/>") }),
    undefined,
  );
  assert.equal(parseBookmark({ id: ROOM }), undefined);
  const long = "x".repeat(5_000);
  const read = parseBookmark(item(`<nick>${long}</nick><password>${long}</password>`, `name='${long}'`));
  assert.deepEqual([read?.name?.length, read?.nick?.length, read?.password], [200, 100, undefined]);
});

test("what other clients have written there stays, word for word", () => {
  const before = conference(
    "<nick>JC</nick><extensions><state xmlns='http://myclient.example/bookmark/state' minimized='true'><a/></state></extensions>",
    "name='Mine' autojoin='false' colour='red'",
  );
  const built = buildBookmark({ jid: ROOM, autojoin: true, name: "The room's own", nick: "Julius" }, before);
  assert.equal(
    built?.payload.toString(),
    line(
      `<conference xmlns='${NS}' name='Mine' autojoin='true' colour='red'><nick>Julius</nick><extensions><state xmlns='http://myclient.example/bookmark/state' minimized='true'><a/></state></extensions></conference>`,
    ),
  );
  assert.equal(built?.id, ROOM);
  const kept = buildBookmark({ jid: ROOM, autojoin: false }, conference("<password>old</password>"));
  assert.match(String(kept?.payload), /<password>old<\/password>/, "what we do not know is not taken away");
});

test("what could not be written as it stands there is not written at all", () => {
  const prefixed = stanza(`<conference xmlns='${NS}' xmlns:x='urn:x'><extensions><x:state/></extensions></conference>`);
  assert.equal(buildBookmark({ jid: ROOM, autojoin: true }, prefixed), undefined);
});

test("older bookmarks are read in both places (XEP-0048, XEP-0049); web pages among them are not rooms", () => {
  const storage = `<storage xmlns='storage:bookmarks'><url name='a' url='https://a.example'/>
    <conference name='Council' autojoin='true' jid='Council@conference.underhill.org'><nick>Puck</nick><password>p</password></conference>
    <conference jid='not a room'/></storage>`;
  const expected = [
    { jid: "council@conference.underhill.org", name: "Council", autojoin: true, nick: "Puck", password: "p" },
  ];
  const inPrivate = stanza(`<iq type='result'><query xmlns='jabber:iq:private'>${storage}</query></iq>`);
  const inNode = stanza(
    `<iq type='result'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='storage:bookmarks'><item id='current'>${storage}</item></items></pubsub></iq>`,
  );
  assert.deepEqual(parseOld(inPrivate), expected);
  assert.deepEqual(parseOld(inNode), expected);
  assert.deepEqual(
    requestsOfOld().map(({ attrs: { type, to } }) => [type, to]),
    [
      ["get", undefined],
      ["get", undefined],
    ],
  );
});
