/** What the object makes of a room that does not say what it is, or says something else later. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { SendArguments } from "../../worker/contract/calls.ts";
import type { ServerFrame } from "../../worker/contract/frames.ts";
import type { BrowserId, ClientId } from "../../worker/contract/names.ts";
import { here, OPEN, PRIVATE, RoomService, type Says } from "../testing/room-service.ts";
import { ROOM } from "../testing/room.ts";
import { BOB } from "../testing/ingest.ts";
import type { StanzaEvent } from "../ingest/stanza-event.ts";
import type { CurrentLink } from "../connection/current-link.ts";

// After the hook that loads `.sql` files, which comes with the stores.
const { send } = await import("../calls/send.ts");

const BROWSER = "00000000-0000-4000-8000-000000000001" as BrowserId;
let service: RoomService;
let number = 0;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.UTC(2026, 0, 1) });
  service = new RoomService();
  const secret = { secret: "", hash: "", publicKey: "" };
  service.stores.browsers.signIn(BROWSER, { name: "Firefox", kind: "computer" }, secret, Date.now());
  number = 0;
});
afterEach(() => mock.timers.reset());

const settled = async () => {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
};
/** Second by second, for what is done in one may set a timer for another. */
const pass = async (ms: number) => {
  for (let left = ms; left > 0; left -= 1_000) {
    mock.timers.tick(Math.min(left, 1_000));
    await settled();
  }
};

const client = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}` as ClientId;

/** One of our browsers sends a text in clear. */
function says(text: string, exposed = false) {
  number += 1;
  const args: SendArguments = {
    client: client(number),
    number,
    after: 0,
    chat: ROOM,
    content: { kind: "clear", text, exposed },
  };
  const link = { write: ({ client: id }: { client: ClientId }) => service.written.push(id) } as unknown as CurrentLink;
  const browser = { id: BROWSER } as never;
  const composing = { ended: () => false };
  return send({ stores: service.stores, link, occupancy: service.occupancy, composing }, browser, args);
}

function failures() {
  return service.stores.log
    .page(0 as never, 1_000)
    .entries.flatMap((entry) => (entry.kind === "progress" && entry.state === "failed" ? [entry.failure?.detail] : []));
}

const silences: readonly Says[] = [
  "timed-out",
  { refused: "remote-server-timeout" },
  { refused: "service-unavailable" },
  { refused: "forbidden" },
  { refused: "item-not-found" },
  [],
  ["muc_membersonly"],
];

for (const silence of silences) {
  test(`R3: a room that answers ${JSON.stringify(silence)} is of no kind; clear text waits until it says that it is open`, async () => {
    service.says = silence;
    assert.deepEqual(await service.join(), { ok: true, value: { done: true } });
    assert.equal(service.info()?.state, "joined");
    assert.equal(service.info()?.closed, undefined, "neither private nor open");
    assert.equal(says("one").ok, true);
    await pass(60_000);
    assert.deepEqual(service.written, [], "nothing left");
    assert.ok(service.asked > 3, "asked again");
    service.says = OPEN;
    await pass(5 * 60_000);
    assert.equal(service.info()?.closed, false);
    assert.deepEqual(service.written, [client(1)]);
  });
}

test("R3: what was written while nobody knew fails where the room turns out to be private", async () => {
  service.says = { refused: "remote-server-timeout" };
  await service.join();
  assert.equal(says("one").ok, true);
  service.says = PRIVATE;
  await pass(5 * 60_000);
  assert.equal(service.info()?.closed, true);
  assert.deepEqual(service.written, []);
  assert.deepEqual(failures(), ["now private"]);
  const again = says("two");
  assert.deepEqual(!again.ok && again.error, { kind: "would-expose", detail: "now private" });
  assert.equal(says("with consent", true).ok, true, "where nobody can read anything else");
});

test("R3: it is asked again less and less often", async () => {
  service.says = "timed-out";
  await service.join();
  const before = service.asked;
  await pass(10_000);
  const soon = service.asked - before;
  for (let minute = 0; minute < 60; minute += 1) await pass(60_000);
  const later = service.asked;
  for (let minute = 0; minute < 60; minute += 1) await pass(60_000);
  assert.ok(soon >= 1, `${soon} in ten seconds`);
  assert.ok(service.asked - later <= 13 && service.asked - later >= 11, `${service.asked - later} in an hour`);
});

test("R3: a room that says it has changed is of no kind until it says of which", async () => {
  await service.join();
  await settled();
  assert.equal(service.info()?.closed, false);
  service.says = "timed-out";
  service.tells({ kind: "room-changed", room: ROOM });
  assert.equal(service.info()?.closed, undefined);
  await settled();
  assert.equal(says("one").ok, true);
  assert.deepEqual(service.written, []);
  service.says = PRIVATE;
  await pass(10_000);
  assert.equal(service.info()?.closed, true);
  assert.deepEqual(failures(), ["now private"]);
});

test("R3: an answer to a question from before the change counts for nothing", async () => {
  await service.join();
  await settled();
  service.tells({ kind: "room-changed", room: ROOM });
  // While the first answer is under way it changes once more, and the second one does not come.
  service.says = OPEN;
  service.tells({ kind: "room-changed", room: ROOM });
  service.says = PRIVATE;
  await settled();
  assert.equal(service.info()?.closed, true);
});

test("R3: on a new stream the kind of before does not count", async () => {
  await service.join();
  await settled();
  assert.equal(service.info()?.closed, false);
  service.occupancy.lost();
  service.says = "timed-out";
  service.occupancy.begin();
  await settled();
  assert.equal(service.info()?.state, "joined");
  assert.equal(service.info()?.closed, undefined);
  assert.equal(says("one").ok, true);
  assert.deepEqual(service.written, []);
});

test("R3: after a reset a resumed stream asks rooms that have not said what they are", async () => {
  service.says = "timed-out";
  await service.join();
  service.occupancy.lost();
  service.says = OPEN;
  service.occupancy.resumed();
  await settled();
  assert.equal(service.info()?.closed, false);
});

test("D11: a room without an archive that let us go while the stream was resting is entered again at the next look", async () => {
  await service.join();
  const entered = service.sent.length;
  service.occupancy.lost();
  service.occupancy.resumed();
  await settled();
  assert.equal(service.sent.length, entered, "we are in it");
  service.forgot = true;
  service.occupancy.lost();
  service.occupancy.resumed();
  await settled();
  assert.ok(service.sent.length > entered);
  assert.equal(service.info()?.state, "joined");
});

test("N5: a first entering that fails leaves nothing behind, and no browser hears of it", async () => {
  service.says = { refused: "remote-server-not-found" };
  service.onJoin = () => [{ kind: "room-refused", room: ROOM, condition: "remote-server-not-found" }];
  const answer = await service.join();
  assert.deepEqual(!answer.ok && answer.error, { kind: "peer-refused", detail: "room unavailable" });
  await pass(60 * 60_000);
  assert.equal(service.stores.rooms.get(ROOM), undefined);
  assert.equal(service.stores.log.head, 0);
  const told = service.frames.flatMap((frame: ServerFrame) => (frame.type === "rooms" ? frame.rooms : []));
  assert.deepEqual(told, []);
  const joins = service.sent.length;
  service.occupancy.begin();
  service.occupancy.heartbeat(Date.now());
  await settled();
  assert.equal(service.sent.length, joins, "it is not tried again by itself");
});

test("N5: an invitation outlives an entering that failed", async () => {
  service.stores.turn(() => service.stores.rooms.invited({ room: ROOM, by: BOB }));
  service.onJoin = () => [{ kind: "room-refused", room: ROOM, condition: "resource-constraint" }];
  assert.equal((await service.join()).ok, false);
  assert.equal(service.info()?.invitedBy, BOB);
  service.onJoin = (nick) => [here(nick)];
  assert.equal((await service.join()).ok, true);
  assert.equal(service.info()?.invitedBy, undefined);
  assert.equal(service.info()?.state, "joined");
});

test("R12: the password of a room is given at every entering; a wrong one is not kept", async () => {
  const given = () => service.sent.at(-1)?.getChild("x")?.getChildText("password") ?? undefined;
  service.onJoin = (nick) => (given() === "open sesame" ? [here(nick)] : [refusedFor("not-authorized")]);
  const without = await service.join();
  assert.deepEqual(!without.ok && without.error.detail, "password needed");
  const wrong = await service.join("me", { password: "abracadabra" });
  assert.deepEqual(!wrong.ok && wrong.error.detail, "wrong password");
  assert.equal((await service.join("me", { password: "open sesame" })).ok, true);
  service.occupancy.lost();
  service.occupancy.begin();
  await settled();
  assert.equal(service.info()?.state, "joined");
  assert.equal(JSON.stringify(service.frames).includes("sesame"), false, "no browser is told");
});

test("R12: an invitation may bring the password", async () => {
  const given = () => service.sent.at(-1)?.getChild("x")?.getChildText("password") ?? undefined;
  service.onJoin = (nick) => (given() === "open sesame" ? [here(nick)] : [refusedFor("not-authorized")]);
  service.stores.turn(() => service.stores.rooms.invited({ room: ROOM, by: BOB, password: "open sesame" }));
  assert.equal((await service.join()).ok, true);
  assert.equal(JSON.stringify(service.frames).includes("sesame"), false);
});

test("R15: the name that a room gives itself is told, and changes with it", async () => {
  service.name = "Ridge walks";
  await service.join();
  await settled();
  assert.equal(service.info()?.name, "Ridge walks");
  service.name = undefined;
  service.tells({ kind: "room-changed", room: ROOM });
  await settled();
  assert.equal(service.info()?.name, undefined);
});

test("R13: what an occupant writes to us alone goes back with an error, and leaves a line in the room", async () => {
  await service.join();
  await settled();
  const from = `${ROOM}/bob`;
  service.tells({ kind: "room-whisper", room: ROOM, nick: "bob", from, at: 1, id: "w1" });
  const back = service.sent.at(-1);
  assert.deepEqual(
    [back?.name, back?.attrs["to"], back?.attrs["id"], back?.attrs["type"]],
    ["message", from, "w1", "error"],
  );
  assert.ok(back?.getChild("error")?.getChild("not-acceptable"));
  const [line] = service.stores.log.page(0 as never, 100).entries.filter(({ kind }) => kind === "message");
  assert.ok(line?.kind === "message" && line.content.kind === "unreadable");
  assert.deepEqual([line.content.why, line.occupant?.nick, line.chat], ["whisper", "bob", ROOM]);
});

test("R8: a room without an archive is asked for what is new, and what it repeats is not there twice", async () => {
  await service.join();
  await settled();
  const said = (text: string, at: number, repeated: boolean): StanzaEvent => ({
    kind: "message",
    chat: ROOM,
    sender: ROOM,
    outgoing: false,
    at,
    occupant: { nick: "bob" },
    content: { kind: "clear", text },
    ...(repeated && { repeated: true }),
  });
  const start = Date.now();
  const texts = ["one", "two", "yes", "yes"];
  for (const [n, text] of texts.entries()) service.tells(said(text, start + n * 10_000, false));
  const shown = () =>
    service.stores.log
      .page(0 as never, 1_000)
      .entries.flatMap((entry) =>
        entry.kind === "message" && entry.content.kind === "clear" ? entry.content.text : [],
      );
  for (let times = 0; times < 5; times += 1) {
    await pass(60_000);
    service.occupancy.lost();
    service.onJoin = (nick) => [here(nick)];
    service.occupancy.begin();
    await settled();
    const history = service.sent.at(-1)?.getChild("x")?.getChild("history");
    assert.equal(history?.attrs["since"], new Date(start + 30_000 - 60_000).toISOString());
    // Its clock is a little behind ours, and it repeats more than it was asked for.
    for (const [n, text] of texts.entries()) service.tells(said(text, start + n * 10_000 - 3_000, true));
    await pass(11_000);
  }
  assert.deepEqual(shown(), texts);
  service.occupancy.lost();
  service.occupancy.begin();
  await settled();
  service.tells(said("yes", start + 27_000, true), said("yes", start + 400_000, true));
  await settled();
  assert.deepEqual(shown(), [...texts, "yes"], "the same words much later are others");
});

function refusedFor(condition: string) {
  return { kind: "room-refused", room: ROOM, condition } as const;
}
