import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import type { BrowserId, ClientId } from "../../worker/contract/names.ts";
import { ROOM } from "../testing/room.ts";
import { here, OPEN, PRIVATE, RoomService, type Says } from "../testing/room-service.ts";
import { memoryStorage } from "../testing/sql-storage.ts";
import { whisper } from "./whisper.ts";

const CLIENT = "11111111-1111-4111-8111-111111111111" as ClientId;

async function joined(says: Says = OPEN, storage = memoryStorage()) {
  const service = new RoomService(storage);
  service.says = says;
  await service.join();
  const told = here("bob");
  if (told.kind === "room-here") {
    const { jid: _hidden, ...occupant } = told.occupant;
    service.tells({ ...told, self: false, occupant: { ...occupant, id: "o-bob" } });
  }
  await sleep(20);
  const written: string[] = [];
  const link = {
    caughtUp: true,
    write: ({ stanza }: { readonly stanza: string }) => written.push(stanza) > 0,
  };
  const says2 = (occupant?: string, nick = "bob") =>
    whisper(
      service.stores,
      link,
      { id: "b1" as BrowserId },
      {
        ...{ room: ROOM, nick, client: CLIENT, text: "psst" },
        ...(occupant !== undefined && { occupant }),
      },
    );
  return { service, link, written, whispers: says2, storage };
}

test("a whisper leaves once, for one occupant, and every browser is told to whom it was", async () => {
  const { service, written, whispers } = await joined();
  const answer = whispers("o-bob");
  assert.ok(answer.ok);
  assert.deepEqual(whispers("o-bob"), answer, "again is the same");
  assert.equal(written.length, 1);
  assert.match(written[0] ?? "", new RegExp(`to="${ROOM}/bob" type="chat".*<body>psst</body>.*muc#user`));
  const [entry] = service.stores.log.page(0 as never, 100).entries.filter(({ kind }) => kind === "message");
  assert.ok(entry?.kind === "message");
  assert.deepEqual([entry.whisper, entry.chat, entry.content], ["bob", ROOM, { kind: "clear", text: "psst" }]);
  assert.equal(service.occupancy.awaitsCopy(CLIENT), false, "nobody gives it back: the server's word is enough");
});

test("nothing is whispered in clear where it could be encrypted, or to somebody else", async () => {
  const secret = await joined(PRIVATE);
  assert.deepEqual(secret.whispers(), { ok: false, error: { kind: "would-expose", detail: "now private" } });
  const open = await joined();
  const notThere = { ok: false, error: { kind: "peer-refused", detail: "not there" } };
  assert.deepEqual(open.whispers("o-bob-of-yesterday"), notThere, "the name is somebody else's now");
  assert.deepEqual(open.whispers(undefined, "carol"), notThere);
  open.link.caughtUp = false;
  assert.deepEqual(open.whispers(), { ok: false, error: { kind: "offline" } });
  for (const { written } of [secret, open]) assert.deepEqual(written, []);
});

test("one that did not arrive on its stream fails: on the next one the name may be somebody else's", async () => {
  const { service, whispers, storage } = await joined();
  assert.ok(whispers().ok);
  const next = new RoomService(storage);
  next.occupancy.begin();
  await sleep(20);
  assert.deepEqual(next.written, []);
  const states = next.stores.log
    .page(0 as never, 100)
    .entries.flatMap((entry) => (entry.kind === "progress" ? [[entry.state, entry.failure?.kind]] : []));
  assert.deepEqual(states, [["failed", "connection-lost"]]);
  assert.equal(service.written.length, 0);
});
