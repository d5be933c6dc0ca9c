import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { BareJid } from "../../worker/contract/names.ts";
import type { FoundRooms, RoomDetails } from "../../worker/contract/rooms.ts";
import type { Result } from "../../worker/contract/failures.ts";
import { FOUND_MAX, matchingRooms, RoomFinder, typedOf } from "./room-finder.ts";

const jid = (n: number) => `r${n}@rooms.example` as BareJid;
const rooms = (from: number, to: number): RoomDetails[] =>
  Array.from({ length: to - from }, (_, n) => ({ jid: jid(from + n), name: `Room ${from + n}` }));

type Asked = { readonly call: string; readonly about: Readonly<Record<string, unknown>> };

function finder(answer: (asked: Asked) => Promise<Result<unknown>> | Result<unknown>) {
  const asked: Asked[] = [];
  const engine = {
    ask: async (one: Asked) => {
      asked.push(one);
      return answer(one);
    },
  };
  return { finder: new RoomFinder(engine as unknown as ConstructorParameters<typeof RoomFinder>[0]), asked };
}

const page = (found: Partial<FoundRooms>): Result<FoundRooms> => ({
  ok: true,
  value: { service: "rooms.example", searches: false, rooms: [], ...found },
});

test("rooms come page by page, each once; a page that fails can be asked for again", async () => {
  let fails = true;
  const { finder: found } = finder(({ about }) => {
    if (about["after"] === undefined) return page({ rooms: rooms(0, 100), next: "r99" });
    return fails ? { ok: false, error: { kind: "offline" } } : page({ rooms: rooms(95, 150) });
  });
  await found.look();
  await found.more();
  let { value } = found.finding;
  assert.ok(value.state === "here");
  assert.deepEqual([value.rooms.length, value.more], [100, true]);
  fails = false;
  await found.more();
  ({ value } = found.finding);
  assert.ok(value.state === "here");
  assert.deepEqual([value.rooms.length, value.more], [150, false]);
});

test("a service without an end is not followed for ever", async () => {
  let pages = 0;
  const { finder: found } = finder(() => {
    pages += 1;
    return page({ rooms: rooms(pages * 100, pages * 100 + 100), next: `p${pages}` });
  });
  await found.look();
  for (let n = 0; n < 100; n += 1) await found.more();
  assert.equal(pages, FOUND_MAX / 100);
});

test("an answer of the service before does not come into the list of the next one", async () => {
  const late: ((answer: Result<unknown>) => void)[] = [];
  const { finder: found } = finder(() => new Promise((resolve) => void late.push(resolve)));
  const first = found.look();
  const second = found.look("other.example");
  late[1]?.(page({ service: "other.example", rooms: rooms(0, 1) }));
  await second;
  late[0]?.(page({ rooms: rooms(0, 50) }));
  await first;
  const { value } = found.finding;
  assert.equal(value.state === "here" && value.service, "other.example");
});

test("each room is asked once what it is, so many at a time; where nobody answers, again", async () => {
  let offline = true;
  const { finder: found, asked } = finder(({ call, about }) => {
    if (call === "findRooms") return page({ rooms: rooms(0, 45) });
    if (offline) return { ok: false, error: { kind: "offline" } };
    return { ok: true, value: { rooms: (about["jids"] as BareJid[]).map((one) => ({ jid: one, people: 3 })) } };
  });
  await found.look();
  found.describe(rooms(0, 45));
  await setImmediate();
  assert.equal(found.details.value.size, 0);
  offline = false;
  found.describe(rooms(0, 45));
  found.describe(rooms(0, 45));
  await setImmediate();
  assert.equal(found.details.value.size, 45);
  assert.equal(asked.filter(({ call }) => call === "aboutRooms").length, 6);
});

test("a service that searches is asked for what was typed once somebody stops, and its rooms are not asked", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { finder: found, asked } = finder(() => page({ searches: true, rooms: rooms(0, 3) }));
  await found.look("search.example");
  for (const words of ["x", "xm", "xmpp"]) found.type(words);
  mock.timers.tick(400);
  await setImmediate();
  found.describe(rooms(0, 3));
  assert.deepEqual(
    asked.map(({ about }) => about),
    [{ service: "search.example" }, { service: "search.example", text: "xmpp" }],
  );
  mock.timers.reset();
});

test("what is typed is a name, a room or a service", () => {
  assert.deepEqual(typedOf(" ridge walks "), { kind: "words", words: "ridge walks" });
  assert.deepEqual(typedOf("Coven@Chat.Example"), { kind: "room", jid: "coven@chat.example" });
  assert.deepEqual(typedOf("Chat.Example"), { kind: "service", service: "chat.example" });
  assert.deepEqual(typedOf("xmpp:coven@chat.example?join;password=x"), {
    kind: "room",
    jid: "coven@chat.example",
    password: "x",
  });
  assert.deepEqual(typedOf("xmpp:coven@chat.example?join"), { kind: "room", jid: "coven@chat.example" });
  for (const text of ["e.g. this", "v1.", "a@", "@b", "a.b/c"]) assert.equal(typedOf(text).kind, "words", text);
});

test("words are found in names, addresses and descriptions, without case and accents", () => {
  const listed: RoomDetails[] = [
    { jid: jid(1), name: "Straße" },
    { jid: jid(2) },
    { jid: "brewing@rooms.example" as BareJid },
  ];
  const details = new Map([[jid(2), { jid: jid(2), name: "Café", description: "of the ridge" }]]);
  const found = (words: string) => matchingRooms(listed, details, words).map((room) => room.jid);
  assert.deepEqual(found("STRASSE"), [jid(1)]);
  assert.deepEqual(found("cafe"), [jid(2)]);
  assert.deepEqual(found("ridge"), [jid(2)]);
  assert.deepEqual(found("brew"), ["brewing@rooms.example"]);
  assert.equal(found(" ").length, 3);
  assert.deepEqual(found("rooms.example"), [], "all of them are there");
});
