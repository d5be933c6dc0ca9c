/**
 * A server that stores passwords in clear and salts them anew for each sign-in: what leaves a real browser, and what its
 * person sees when the connection was lost.
 */
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { TcpProxy } from "../faults/proxy.ts";
import { ALICE, BOB } from "../stack.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";

const BASE_PORT = await claimPorts();
const PROXY_PORT = BASE_PORT + 10;
const FIELD = "Password of alice@localhost";

/** Everything that alice's browser ever sent. */
const left: Buffer[] = [];
const proxy = new TcpProxy(PROXY_PORT, BASE_PORT + 3, () => (direction, bytes) => {
  if (direction === "out") left.push(bytes);
});
before(() => proxy.start());
after(() => proxy.stop());

const story = Story.stage({
  name: "password-again",
  basePort: BASE_PORT,
  endpoint: "starttls",
  xmppConfig: 'authentication = "internal_plain"',
});

let alice: Person;

const hasLeft = (text: string): boolean => Buffer.concat(left).includes(text);

async function loses(): Promise<void> {
  await story.stack.xmpp.kill();
  await alice.isTold(/Reconnecting to localhost/);
  await story.stack.xmpp.start();
  await alice.pressIfThere("Try now");
}

story.test(
  "A12: the password is typed, the account opens, and in all that left the browser it is nowhere",
  async () => {
    const others = () => [];
    alice = await story.person({ called: "alice", home: `http://localhost:${PROXY_PORT}`, others });
    await alice.reads(/Your password does not leave this browser/);
    await alice.signIn(ALICE);
    assert.ok(hasLeft("alice@localhost") && hasLeft("clientKey"), "what leaves is seen here");
    for (const form of [
      ALICE.password,
      Buffer.from(ALICE.password).toString("base64"),
      encodeURIComponent(ALICE.password),
    ])
      assert.ok(!hasLeft(form), form);
  },
);

story.test("A1, N1: a lost connection asks for the password where it says so, and a draft stays", async () => {
  const bob = await story.peer(BOB);
  await alice.openChat("bob");
  await alice.send("before");
  await bob.reads("before");
  await alice.types("half a sentence");
  await loses();
  await alice.isTold(/wants the password proved anew/);
  assert.doesNotMatch(await alice.words(), /password is wrong/i);
  await alice.fill(FIELD, "not wonderland");
  await alice.press("Sign in");
  await alice.isTold(/This password is wrong/);
  await alice.fill(FIELD, ALICE.password);
  await alice.press("Sign in");
  await alice.isConnected();
  assert.equal(await alice.draft(), "half a sentence");
  await alice.sees("before");
  // The contact's app is still away; the server has it.
  await alice.send("and after");
  await alice.isMarked("and after", "sent", "delivered", "read");
  assert.ok(!hasLeft(ALICE.password));
});

story.test(
  "N1: a reload changes nothing about what is asked, and what was written meanwhile leaves afterwards",
  async () => {
    await loses();
    await alice.isTold(/wants the password proved anew/);
    await alice.send("while it slept");
    await alice.reload();
    await alice.isTold(/wants the password proved anew/);
    await alice.fill(FIELD, ALICE.password);
    await alice.press("Sign in");
    await alice.isConnected();
    await alice.openChat("bob");
    await alice.isMarked("while it slept", "sent", "delivered", "read");
  },
);
