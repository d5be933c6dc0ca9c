/** One's own server upgraded in place: the last release's page, Worker and objects, then this one's on what they have kept. */
import assert from "node:assert/strict";
import type { Sources } from "../../tools/serve/build-release.ts";
import { lastRelease } from "../e2e/last-release.ts";
import type { Person } from "../e2e/person.ts";
import { Story } from "../e2e/story.ts";
import { ALICE, BOB } from "../stack.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import { startOnStack } from "./on-stack.ts";

const basePort = await claimPorts();
const origin = `http://localhost:${basePort + 3}`;
/** What is served; undefined: this release. */
let release: Sources | undefined = await lastRelease();

const story = Story.stage({
  name: "upgrade",
  olderPages: true,
  basePort,
  endpoint: "starttls",
  // To the release before, `*` was the name of a domain.
  variables: { ALLOWED_DOMAINS: "localhost" },
  start: (options) => startOnStack(options, { origin, release }),
});

let alice: Person;
let bob: Person;

story.test("on the last release alice and bob are signed in and have written to each other", async () => {
  [alice, bob] = await Promise.all([
    story.signedIn(ALICE, { called: "alice" }),
    story.signedIn(BOB, { called: "bob" }),
  ]);
  await Promise.all([alice.openChat("bob"), bob.openChat("alice")]);
  await alice.send("on the release before");
  await bob.sees("on the release before");
});

story.test("D12, D15: upgraded in place, the tabs that are open go on with the new objects", async () => {
  await story.outage(async () => {
    await story.stack.stopWorker();
    release = undefined;
    await story.stack.startWorker();
    // Pages of that release do not load anew by themselves.
    await bob.send("from a tab that is older than the object");
    await alice.sees("from a tab that is older than the object");
  });
});

story.test("D12: after a reload both are still signed in, on the new page, and nothing is lost", async () => {
  await Promise.all([alice, bob].map((one) => one.reload()));
  await Promise.all([alice, bob].map((one) => one.isConnected()));
  await Promise.all([alice.openChat("bob"), bob.openChat("alice")]);
  await alice.send("and on this release");
  await bob.sees("and on this release");
  const all = ["on the release before", "from a tab that is older than the object", "and on this release"];
  await Promise.all([alice, bob].map((one) => one.seesInOrder(all)));
  assert.equal(await alice.encryption(), "on");
});
