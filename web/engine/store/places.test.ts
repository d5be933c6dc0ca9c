import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import { NOTHING_READ } from "../protocol/conversations.ts";
import type { ChatRow, MessageRow } from "./conversation-rows.ts";
import { pendingPosition } from "./pending-positions.ts";
import { Places } from "./places.ts";

const BOB = "bob@b.example" as BareJid;
const CAROL = "carol@c.example" as BareJid;
const at = (position: number) => position as Position;

function chatWith(position: Position): ChatRow {
  const last = { key: "last", position } as ChatRow["last"];
  return { jid: BOB, encrypted: true, exposed: false, readTo: NOTHING_READ, last };
}

const row = (key: string, position: Position, chat = BOB) => ({ key, chat, position }) as MessageRow;

describe("up to where the messages of a conversation stand", () => {
  it("an own message is the last one at the place that it gets", () => {
    const places = new Places([chatWith(at(7))]);
    places.note("own", row("own", pendingPosition(1)), undefined);
    assert.equal(places.isLast("own", BOB, at(8)), true);
    assert.equal(places.isLast("own", CAROL, at(8)), true, "of a conversation that has begun meanwhile all is known");
  });

  it("it is not where another message stands above it, or may", () => {
    const places = new Places([chatWith(at(7))]);
    places.note("own", row("own", pendingPosition(1)), undefined);
    assert.equal(places.isLast("own", BOB, at(6)), false, "what was there at the start");
    places.note("theirs", row("theirs", at(9)), undefined);
    assert.equal(places.isLast("own", BOB, at(8)), false, "what has come meanwhile");
    assert.equal(places.isLast("own", BOB, at(10)), true);
    places.note("theirs", row("theirs", at(9), CAROL), undefined);
    assert.equal(places.isLast("own", BOB, at(10)), true, "another conversation is another matter");
  });

  it("it is not while another own message waits behind it", () => {
    const places = new Places([chatWith(at(7))]);
    places.note("own", row("own", pendingPosition(1)), undefined);
    places.note("next", row("next", pendingPosition(2)), undefined);
    assert.equal(places.isLast("own", BOB, at(8)), false);
    places.note("next", row("next", at(8)), undefined);
    assert.equal(places.isLast("own", BOB, at(9)), true, "until that has its place");
    places.note("third", row("third", pendingPosition(3)), undefined);
    places.note("third", undefined, row("third", pendingPosition(3)));
    assert.equal(places.isLast("own", BOB, at(9)), true, "or is gone");
  });

  it("what was pending at the start is not known by name, so it is looked up", () => {
    assert.equal(new Places([chatWith(pendingPosition(4))]).isLast("own", BOB, at(8)), false);
  });
});
