/** A members-only room of apps of another make. Nobody of Alcove is in it: the page of rooms is not asked here. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Conference, type Room } from "../account/conference.ts";
import { ALICE, BOB, type Stack, startStack } from "../stack.ts";
import { PythonPeer } from "./python-peer.ts";

const CAROL = { name: "carol", password: "crescent" } as const;

let stack: Stack;
let room: Room;
let peers: readonly PythonPeer[] = [];

before(async () => {
  const accounts = [ALICE, BOB, CAROL];
  stack = await startStack({ name: "interop-room", basePort: 18_060, endpoint: "starttls", accounts });
  const conference = new Conference(stack);
  room = await conference.create("circle", { members_only: "1", anonymous: "0" });
  peers = await Promise.all(accounts.map((account) => PythonPeer.start(stack, account)));
  for (const { jid } of peers) await conference.affiliate(room, jid as Room["jid"], "member");
});
after(async () => {
  await Promise.all(peers.map((peer) => peer.close()));
  await stack?.stop();
});

test("three members encrypt for each other, and each is read under its own address", async () => {
  for (const [n, peer] of peers.entries()) await peer.command("join", { to: room.jid, text: `member ${n}` });
  for (const peer of peers) {
    const { errors = [] } = await peer.command("say-room", { to: room.jid, text: `from ${peer.jid}` });
    assert.deepEqual(errors, []);
  }
  for (const reader of peers)
    for (const writer of peers) if (reader !== writer) await reader.reads(`from ${writer.jid}`, writer.jid);
  assert.ok(peers.every((peer) => peer.allEncrypted()));
});
