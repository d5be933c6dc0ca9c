import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { RoomRow } from "../store/people-rows.ts";
import { roomSummary } from "./room-summary.ts";

const [ALICE, BOB, CAROL] = ["alice@a.example", "bob@b.example", "carol@c.example"] as BareJid[];
const ROOM = "room@rooms.example" as BareJid;

const members = [ALICE, BOB, CAROL].map((jid) => ({ jid, affiliation: "member" }));
const row = { jid: ROOM, nick: "alice", joined: true, closed: true, members } as unknown as RoomRow;

/** A room of three whose list was told before somebody was put out. */
function counted(removed: readonly (BareJid | undefined)[]): number {
  const info = { jid: ROOM, state: "joined", occupants: [], removed };
  const account = {
    self: { jid: ALICE },
    cache: { deviceLists: new Map() },
    directory: { unreachable: new Set() },
    live: { rooms: new Map([[ROOM, info]]) },
  };
  return roomSummary(account as unknown as Parameters<typeof roomSummary>[0], row).people;
}

test("whoever was put out is counted no more, before the list of members is asked for again", () => {
  assert.equal(counted([]), 3);
  assert.equal(counted([CAROL]), 2);
});
