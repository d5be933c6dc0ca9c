/** T61: stanzas that cannot be read, live and from the archive: everything else arrives, each leaves one marker. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { GapEntry } from "../../worker/contract/entries.ts";
import { RawClient } from "../raw-client.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { BOB as BOB_ACCOUNT, type Stack, startStack } from "../stack.ts";
import { ALICE, BOB, browserOf, comeBack, RECOVERY_MS, textsOf } from "./people.ts";

const TOO_LONG = `<body>${"x".repeat(1_100_000)}</body>`;
/** One tag over the limit: there is no telling where it ends, so it ends the stream. */
const ENDLESS_TAG = `<x a='${"x".repeat(1_200_000)}'/><body>endless</body>`;
const TOO_DEEP = `${"<a>".repeat(70)}${"</a>".repeat(70)}<body>deep</body>`;

let stack: Stack;
let bob: RawClient;
before(async () => {
  const xmppConfig = "c2s_stanza_size_limit = 4 * 1024 * 1024";
  stack = await startStack({ name: "poison", endpoint: "starttls", xmppConfig });
  bob = await RawClient.signIn(stack.xmpp.endpoints.ws, BOB_ACCOUNT);
});
after(async () => {
  bob?.close();
  await stack?.stop();
});

function markersOf(browser: ScriptedBrowser): readonly GapEntry[] {
  return browser.entries.filter((entry): entry is GapEntry => entry.kind === "gap");
}

test("live: before and after arrive, one marker each in the right conversation, the stream goes on", async () => {
  const alice = await browserOf(stack, ALICE);
  const [session] = await stack.xmpp.sessions(ALICE);
  const { length } = alice.frames;
  bob.say(ALICE, "before");
  bob.message(ALICE, "long", TOO_LONG);
  bob.message(ALICE, "deep", TOO_DEEP);
  bob.say(ALICE, "after");
  await alice.until(() => textsOf(alice).includes("after"));
  assert.deepEqual(textsOf(alice), ["before", "after"]);
  assert.deepEqual(
    markersOf(alice).map(({ chat, state, why }) => [chat, state, why]),
    [
      [BOB, "lost", "unreadable"],
      [BOB, "lost", "unreadable"],
    ],
  );
  assert.ok(
    alice.frames.slice(length).every((frame) => frame.type !== "state"),
    "no new stream",
  );
  assert.deepEqual(await stack.xmpp.sessions(ALICE), [session]);
  alice.detach();
});

test("from the archive: the pages go on, and what was met live is not marked again", async () => {
  const alice = await browserOf(stack, ALICE);
  await alice.until(() => markersOf(alice).length === 2);
  await stack.stopWorker();
  bob.say(ALICE, "kept before");
  bob.message(ALICE, "long again", TOO_LONG);
  bob.message(ALICE, "deep again", TOO_DEEP);
  bob.say(ALICE, "kept after");
  await bob.sync();
  for (let times = 0; times < 2; times += 1) {
    await stack.startWorker();
    await comeBack(alice);
    await alice.until(() => alice.link?.state === "live" && alice.link.caughtUp, RECOVERY_MS);
    await alice.until(() => textsOf(alice).includes("kept after"));
    if (times === 0) await stack.stopWorker();
  }
  assert.deepEqual(textsOf(alice), ["before", "after", "kept before", "kept after"]);
  assert.equal(markersOf(alice).length, 4);
  const places = alice.entries.flatMap((entry) => ("position" in entry ? [entry.position] : []));
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
    "each marker stands where the message was",
  );
  alice.detach();
});

test("one that ends the stream ends two at most, live and once more from the archive", async () => {
  const alice = await browserOf(stack, ALICE);
  await alice.until(() => markersOf(alice).length === 4);
  const { length } = alice.frames;
  const streams = () =>
    alice.frames.slice(length).filter((frame) => frame.type === "state" && frame.state.link.state === "dialing").length;
  bob.say(ALICE, "still here");
  bob.message(ALICE, "endless", ENDLESS_TAG);
  bob.say(ALICE, "and here");
  await alice.until(() => textsOf(alice).includes("and here"), RECOVERY_MS);
  await alice.until(() => alice.link?.state === "live" && alice.link.caughtUp, RECOVERY_MS);
  assert.deepEqual(textsOf(alice).slice(-2), ["still here", "and here"]);
  assert.equal(markersOf(alice).length, 5);
  assert.equal(markersOf(alice).at(-1)?.chat, BOB);
  assert.ok(streams() <= 2, `${streams()} new streams`);
  alice.detach();
});
