/** What other clients of the account do with bookmarks, and what is done here, on a server that is a map. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import xml, { type Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { ME } from "../testing/ingest.ts";
import { stanza } from "../testing/stanza.ts";
import { storesOf } from "../testing/stores.ts";
import type { RequestResult } from "../link/iq.ts";
import { buildInfo } from "../xep/disco.ts";
import { ENTERED_MAX, RoomBookmarks } from "./bookmarks.ts";
import { BOOKMARKS_MAX } from "./read-bookmarks.ts";

const NS = "urn:xmpp:bookmarks:1";
const PUBSUB = "http://jabber.org/protocol/pubsub";
const ROOM = "coven@chat.b.example" as BareJid;
const OTHER = "heath@chat.b.example" as BareJid;
const PLAIN = ["http://jabber.org/protocol/pubsub#publish-options", `${NS}#compat`];

const refused = (condition: string): RequestResult => ({ ok: false, error: { kind: "stanza-error", condition } });
const answered = (payload: Element): RequestResult => ({ ok: true, value: xml("iq", { type: "result" }, payload) });

let stores: ReturnType<typeof storesOf>;
let bookmarks: RoomBookmarks;
/** The node, by item; undefined: there is none. */
let node: Map<string, string> | undefined;
let old: string;
let published: Element[];
let acts: string[];
let refusesWith: string | undefined;
let maxItems: string;
let silent: boolean;
let noRooms: Set<string>;

const item = (jid: string, payload: string) => `<item id='${jid}'>${payload}</item>`;
const conference = (attributes: string, inner = "") => `<conference xmlns='${NS}' ${attributes}>${inner}</conference>`;

function answer(iq: Element): RequestResult {
  if (silent) return { ok: false, error: { kind: "lost" } };
  if (iq.getChild("query", "jabber:iq:private")) return { ok: true, value: stanza(`<iq type='result'>${old}</iq>`) };
  if (iq.getChild("query", "http://jabber.org/protocol/disco#info")) {
    if (noRooms.has(String(iq.attrs["to"]))) return refused("item-not-found");
    const identity = { category: "conference", type: "text" };
    return answered(buildInfo({ identities: [identity], features: ["muc_open"], forms: [] }));
  }
  const owner = iq.getChild("pubsub", `${PUBSUB}#owner`);
  if (owner)
    return {
      ok: true,
      value: stanza(
        `<iq type='result'><pubsub xmlns='${PUBSUB}#owner'><configure node='${NS}'><x xmlns='jabber:x:data'><field var='pubsub#max_items'><value>${maxItems}</value></field></x></configure></pubsub></iq>`,
      ),
    };
  const pubsub = iq.getChild("pubsub", PUBSUB);
  const [asked] = pubsub?.getChildElements() ?? [];
  if (asked?.attrs["node"] !== NS) return refused("item-not-found");
  if (asked.name === "publish") {
    if (refusesWith !== undefined) return refused(refusesWith);
    published.push(iq);
    const [sent] = asked.getChildElements();
    node ??= new Map();
    node.set(String(sent?.attrs["id"]), String(sent?.getChildElements()[0]));
    return answered(xml("pubsub"));
  }
  if (asked.name === "retract") {
    const id = String(asked.getChildElements()[0]?.attrs["id"]);
    return node?.delete(id) ? answered(xml("pubsub")) : refused("item-not-found");
  }
  if (node === undefined) return refused("item-not-found");
  const wanted = asked.getChildElements()[0]?.attrs["id"];
  const items = [...node].filter(([id]) => wanted === undefined || wanted === id);
  const text = items.map(([id, payload]) => item(id, payload)).join("");
  return {
    ok: true,
    value: stanza(`<iq type='result'><pubsub xmlns='${PUBSUB}'><items node='${NS}'>${text}</items></pubsub></iq>`),
  };
}

const settled = async () => {
  for (let turn = 0; turn < 30; turn += 1) await setImmediate();
};

/** We go in, or out, as the occupancy does it. */
const rooms = {
  join: async (jid: BareJid, { nick, password }: { readonly nick: string; readonly password?: string }) => {
    acts.push(["join", jid, nick, password].filter((word) => word !== undefined).join(" "));
    stores.turn(() => {
      stores.rooms.want(jid, nick, password);
      stores.rooms.entered(jid, nick);
    });
    return { ok: true, value: { done: true } } as const;
  },
  leave: async (jid: BareJid) => {
    acts.push(`leave ${jid}`);
    stores.turn(() => stores.rooms.giveUp(jid));
    return { ok: true, value: { done: true } } as const;
  },
};

async function begin(features: readonly string[] = PLAIN): Promise<void> {
  stores.meta.set("server-features", features);
  await bookmarks.begin(true);
  await settled();
}

async function enters(jid: BareJid, password?: string): Promise<void> {
  await rooms.join(jid, { nick: "me", ...(password !== undefined && { password }) });
  bookmarks.entered(jid, "me", password);
  await settled();
}

async function tells(
  put: readonly { jid: BareJid; autojoin: boolean; nick?: string }[],
  gone: readonly BareJid[] = [],
) {
  bookmarks.told([{ kind: "bookmarks", put, gone }]);
  await settled();
}

beforeEach(() => {
  stores = storesOf(ME);
  const link = { live: true, request: async (iq: Element) => answer(iq) };
  bookmarks = new RoomBookmarks(stores, link, rooms);
  [node, old, published, acts, refusesWith, maxItems, silent] = [new Map(), "", [], [], undefined, "256", false];
  noRooms = new Set();
});
afterEach(() => mock.timers.reset());

test("a room that is entered here is remembered for all clients, by a node that nobody else reads", async () => {
  await begin();
  await enters(ROOM, "cauldron");
  assert.equal(
    node?.get(ROOM),
    `<conference xmlns="${NS}" autojoin="true"><nick>me</nick><password>cauldron</password></conference>`,
  );
  const options = String(published[0]?.getChild("pubsub")?.getChild("publish-options"));
  assert.match(options, /pubsub#access_model"><value>whitelist/);
  assert.match(options, /pubsub#persist_items"><value>true/);
  assert.match(options, /pubsub#max_items"><value>max/);
  await rooms.leave(ROOM);
  bookmarks.left(ROOM);
  await settled();
  assert.match(String(node?.get(ROOM)), /autojoin="false"/);
  assert.deepEqual(bookmarks.list(), { rooms: [{ jid: ROOM }], kept: true });
});

test("rooms of another client come by themselves; others are listed; one that is gone is not made anew", async () => {
  node?.set(ROOM, conference("autojoin='true' name='Coven'", "<nick>Hecate</nick><password>p</password>"));
  node?.set(OTHER, conference("name='Heath'"));
  const gone = "gone@chat.b.example" as BareJid;
  noRooms.add(gone);
  node?.set(gone, conference("autojoin='true'"));
  await begin();
  assert.deepEqual(acts, [`join ${ROOM} Hecate p`]);
  assert.deepEqual(published, []);
  assert.deepEqual(bookmarks.list().rooms, [{ jid: gone }, { jid: OTHER, name: "Heath" }]);
});

test("while we are here, another client enters, leaves and takes rooms off", async () => {
  await begin();
  await tells([{ jid: ROOM, autojoin: true }]);
  await tells([{ jid: OTHER, autojoin: true, nick: "Hecate" }]);
  await tells([{ jid: ROOM, autojoin: false }]);
  await tells([], [OTHER]);
  assert.deepEqual(acts, [`join ${ROOM} me`, `join ${OTHER} Hecate`, `leave ${ROOM}`, `leave ${OTHER}`]);
  assert.deepEqual(published, [], "what others did is not said again");
});

test("what another client did while we were away is done here, also in a room that it took off", async () => {
  await begin();
  await enters(ROOM);
  await enters(OTHER);
  node?.delete(ROOM);
  await begin();
  assert.equal(acts.at(-1), `leave ${ROOM}`);
  assert.equal(stores.rooms.get(OTHER)?.wanted, true);
});

test("a server that has lost its nodes, or keeps fewer than there are, takes us out of no room", async () => {
  await begin();
  await enters(ROOM);
  await enters(OTHER);
  node = undefined;
  await begin();
  assert.deepEqual([...(node ?? new Map<string, string>()).keys()].sort(), [ROOM, OTHER].sort(), "told again");
  (node as Map<string, string> | undefined)?.delete(ROOM);
  maxItems = "1";
  await begin();
  assert.ok(!acts.some((act) => act.startsWith("leave")));
});

test("who was put out of a room stays out until somebody asks again", async () => {
  await begin();
  await enters(ROOM);
  stores.turn(() => stores.rooms.giveUp(ROOM, { kind: "peer-refused", detail: "kicked" }));
  acts = [];
  await begin();
  assert.deepEqual(acts, []);
});

test("what could not be told is told on the next stream; the last to act is right", async () => {
  await begin();
  await enters(ROOM);
  silent = true;
  await rooms.leave(ROOM);
  bookmarks.left(ROOM);
  await settled();
  assert.match(String(node?.get(ROOM)), /autojoin="true"/);
  silent = false;
  acts = [];
  await begin();
  assert.deepEqual(acts, []);
  assert.match(String(node?.get(ROOM)), /autojoin="false"/);
});

test("extensions of another client and what it calls a room are kept when we leave and come back", async () => {
  const extensions = `<extensions><pinned xmlns="urn:xmpp:bookmarks-pinning:0"/></extensions>`;
  node?.set(ROOM, conference(`autojoin="true" name="Mine"`, extensions));
  await begin();
  await rooms.leave(ROOM);
  bookmarks.left(ROOM);
  await settled();
  await enters(ROOM);
  assert.match(String(node?.get(ROOM)), /autojoin="true" name="Mine"/);
  assert.ok(node?.get(ROOM)?.includes(extensions));
});

test("a server that takes no such node is not asked again, and it is said; nothing is published without options", async () => {
  await begin([]);
  await enters(ROOM);
  assert.deepEqual(published, []);
  assert.equal(bookmarks.list().kept, false);
  await begin();
  refusesWith = "not-acceptable";
  await enters(OTHER);
  assert.equal(bookmarks.list().kept, false);
  await rooms.leave(OTHER);
  bookmarks.left(OTHER);
  await settled();
  assert.deepEqual(bookmarks.list().rooms, [{ jid: OTHER }], "here it is remembered all the same");
});

test("what older clients keep is read, and left alone; what is under the new name counts for more", async () => {
  old = `<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'>
    <conference jid='${ROOM}' autojoin='true'><nick>Puck</nick></conference>
    <conference jid='${OTHER}' autojoin='true'/></storage></query>`;
  node?.set(OTHER, conference("autojoin='false'"));
  await begin([PLAIN[0] ?? ""]);
  assert.deepEqual(acts, [`join ${ROOM} Puck`]);
});

test("of 10,000 bookmarks so many are looked at, and fewer entered by themselves", async () => {
  for (let n = 0; n < 10_000; n += 1) node?.set(`r${n}@chat.b.example`, conference("autojoin='true'"));
  await begin();
  assert.equal(acts.length, ENTERED_MAX);
  assert.equal(stores.bookmarks.all().length, BOOKMARKS_MAX);
});

test("a room that cannot be asked is tried again, a few times", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const link = {
    live: true,
    request: async (iq: Element) => (iq.attrs["to"] === ROOM ? refused("remote-server-timeout") : answer(iq)),
  };
  bookmarks = new RoomBookmarks(stores, link, rooms);
  node?.set(ROOM, conference("autojoin='true'"));
  await begin();
  assert.deepEqual(acts, []);
  link.request = async (iq: Element) => answer(iq);
  mock.timers.tick(30_000);
  await settled();
  assert.deepEqual(acts, [`join ${ROOM} me`]);
});
