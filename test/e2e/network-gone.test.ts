/** The network goes without a word: the browser says so, or a message shows it. Nothing is lost and nothing is said too late. */
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { TcpProxy } from "../faults/proxy.ts";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import type { Person } from "./person.ts";
import { readText } from "./screen.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const BASE_PORT = await claimPorts();
const PROXY_PORT = BASE_PORT + 20;
/** At once, on a machine that may be busy. */
const AT_ONCE_MS = 2_000;
/** A call without an answer, then a socket without one; it was half a minute. */
const NOTICED_MS = 12_000;

/** Between alice's page and the Worker. */
const proxy = new TcpProxy(PROXY_PORT, BASE_PORT + 3);
before(() => proxy.start());
after(() => proxy.stop());

const story = Story.stage({ name: "network-gone", endpoint: "starttls", basePort: BASE_PORT });

let alice: Person;
let bob: PythonPeer;

/** What the page says of its connection; none: all is well. */
const line = () => readText(alice.page, "[data-testid=connection]");

story.test(
  "U10: the browser says that it is offline: the page says so at once, and takes it back when something comes",
  async () => {
    const home = `http://localhost:${PROXY_PORT}`;
    [alice, bob] = await Promise.all([story.person({ called: "alice", home }), story.peer(BOB)]);
    await alice.signIn(ALICE);
    await bob.send("alice@localhost", "hello");
    await alice.openChat("bob");
    await alice.sees("hello");
    const flow = proxy.stall();
    const [engine] = alice.page.workers();
    assert.ok(engine);
    await engine.evaluate(() => void dispatchEvent(new Event("offline")));
    await until("it is said", async () => /You are offline/.test((await line()) ?? ""), { withinMs: AT_ONCE_MS });
    flow("flows-on");
    await until("it is taken back", async () => (await line()) === undefined);
  },
);

story.test(
  "U10: nobody says anything, and a message has no answer: the page says so long before the next sign of life is due",
  async () => {
    alice.troubles.outage = true;
    const flow = proxy.stall();
    await alice.send("into the silence");
    await until("something is said", async () => (await line()) !== undefined, { withinMs: NOTICED_MS });
    await alice.isMarked("into the silence", "waiting");
    flow("reset");
    await alice.isMarked("into the silence", "sent", "delivered", "read");
    await bob.reads("into the silence");
    assert.deepEqual(await alice.texts(), ["hello", "into the silence"]);
    await alice.isConnected();
    alice.troubles.outage = false;
  },
);
