/** A members-only room of three: a page of ours and two apps of another make. */
import assert from "node:assert/strict";
import { Conference, type Room, roomNamed } from "../account/conference.ts";
import type { Person } from "../e2e/person.ts";
import { Story } from "../e2e/story.ts";
import { ALICE, BOB } from "../stack.ts";
import type { PythonPeer } from "./python-peer.ts";

const CAROL = { name: "carol", password: "crescent" } as const;
const accounts = [ALICE, BOB, CAROL];
const story = Story.stage({ name: "interop-room", endpoint: "starttls", accounts });

const room = roomNamed("circle");

let alice: Person;
let peers: readonly PythonPeer[] = [];

async function sayInRoom(peer: PythonPeer, text: string): Promise<void> {
  const { errors = [] } = await peer.command("say-room", { to: room.jid, text });
  assert.deepEqual(errors, []);
}

story.test("a room of members; two of them are there with other apps, and alice enters by its address", async () => {
  const conference = new Conference(story.stack);
  await conference.create(room.name, { members_only: "1", anonymous: "0" });
  alice = await story.signedIn(ALICE, { called: "alice" });
  peers = [await story.peer(BOB), await story.peer(CAROL)];
  for (const { name } of accounts) await conference.affiliate(room, `${name}@localhost` as Room["jid"], "member");
  for (const [n, peer] of peers.entries()) await peer.command("join", { to: room.jid, text: `member ${n}` });
  await alice.joinsRoom(room.jid);
  await alice.isEncryption("ready", "on");
  await alice.reads(/3 people/);
});

story.test("all three write, each is read by the two others, under its own address and encrypted", async () => {
  await alice.send("from alice");
  for (const peer of peers) await peer.reads("from alice", "alice@localhost");
  for (const peer of peers) {
    await sayInRoom(peer, `from ${peer.jid}`);
    assert.deepEqual((({ own, encrypted }) => [own, encrypted])(await alice.sees(`from ${peer.jid}`)), [false, true]);
    for (const reader of peers) if (reader !== peer) await reader.reads(`from ${peer.jid}`, peer.jid);
  }
  await alice.send("and once more");
  for (const peer of peers) await peer.reads("and once more", "alice@localhost");
  assert.ok(peers.every((peer) => peer.allEncrypted()));
});

story.test("what was written while the page was closed is read when it is back", async () => {
  const [bob, carol] = peers;
  assert.ok(bob && carol);
  await alice.page.goto("about:blank");
  await sayInRoom(bob, "behind alice's back");
  await carol.reads("behind alice's back", bob.jid);
  await alice.page.goBack();
  await alice.openChat("circle");
  await alice.sees("behind alice's back");
});
