/** Who wrote what a room names nobody for, where several of its members list the device. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { MessageEntry } from "../../../worker/contract/entries.ts";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { addressOf } from "../store/device-rows.ts";
import type { Self } from "../omemo/sessions.ts";
import type { Unit } from "../store/unit.ts";
import { guessedAuthor } from "./room-author.ts";

const ROOM = "room@rooms.example" as BareJid;
const [ALICE, BOB, MALLORY] = ["alice@a.example", "bob@b.example", "mallory@x.example"] as string[] as [
  BareJid,
  BareJid,
  BareJid,
];
const SID = 4711 as DeviceId;
const SELF = { jid: ALICE, device: 1 as DeviceId } as unknown as Self;

/** Who is taken for the author of what device 4711 wrote: by whom it is listed, and with whom there is a session. */
function guess(listing: readonly BareJid[], met: readonly BareJid[]): Promise<BareJid | undefined> {
  const rows: Readonly<Record<string, unknown>> = {
    [ROOM]: { members: [MALLORY, BOB, ALICE].map((jid) => ({ jid, affiliation: "member" })) },
    ...Object.fromEntries(listing.map((jid) => [jid, { devices: [SID] }])),
    ...Object.fromEntries(met.map((jid) => [addressOf(jid, SID), {}])),
  };
  const unit = { get: async (_store: string, key: string) => rows[key] } as unknown as Unit;
  const content = { kind: "omemo", omemo: { sid: SID, iv: "", keys: [], payload: "AAAA" } } as const;
  const entry = { chat: ROOM, sender: ROOM, occupant: { nick: "?" }, content } as unknown as MessageEntry;
  return guessedAuthor(unit, SELF, entry);
}

test("S7: of two members who list one device number the one is the author with whom there is a session", async () => {
  assert.equal(await guess([BOB, MALLORY], [BOB]), BOB);
  assert.equal(await guess([BOB, MALLORY], [MALLORY]), MALLORY);
});

test("S7: of two members who list one device number nobody is guessed where both were met, or neither", async () => {
  assert.equal(await guess([BOB, MALLORY], [BOB, MALLORY]), undefined);
  assert.equal(await guess([BOB, MALLORY], []), undefined);
});

test("S7: the only member who lists it is guessed, met or not", async () => {
  assert.equal(await guess([BOB], []), BOB);
  assert.equal(await guess([], [BOB]), undefined);
});
