/** A message that the server does not take, and what becomes of those around it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProgressEntry } from "../../worker/contract.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { startStack } from "../stack.ts";
import { ALICE, BOB, browserOf, messagesOf, RECOVERY_MS, say, textsOf } from "./people.ts";

const LIMIT = 30_000;
const TOO_LARGE = "漢".repeat(20_000);

/** What the browser was told of each of its messages, by its text: the newest word. */
function outcomes(browser: ScriptedBrowser): readonly (readonly [string, string | undefined])[] {
  return messagesOf(browser)
    .filter(({ sent }) => sent !== undefined)
    .map(({ id, content }) => {
      const text = content.kind === "clear" ? content.text.slice(0, 3) : "";
      const last = browser.entries.findLast(
        (entry): entry is ProgressEntry => entry.kind === "progress" && entry.message === id,
      );
      return [text, last?.failure ? `${last.failure.kind}: ${last.failure.detail}` : last?.state] as const;
    });
}

for (const [what, endpoint, config, mostStreams, failure] of [
  ["announces its limit", "starttls", `alcove_announced_bytes = ${LIMIT}`, 0, "too-large: server"],
  ["says so when it ends the stream", "starttls", "", 1, "too-large: server"],
  // Prosody 0.12 does so over a WebSocket, where a frame is over twice the limit.
  ["breaks off without a word", "ws", "", 4, "server-error: ended streams"],
] as const) {
  test(`M1: a message over the limit of a server that ${what} fails alone`, async (context) => {
    const stack = await startStack({
      name: "too-large",
      endpoint,
      xmppConfig: `c2s_stanza_size_limit = ${LIMIT}\n${config}`,
    });
    context.after(() => stack.stop());
    const bob = await browserOf(stack, BOB);
    const alice = await browserOf(stack, ALICE);
    const { length } = alice.frames;
    for (const text of ["one", TOO_LARGE, "two"]) assert.ok((await say(alice, BOB, text)).ok);
    await bob.until(() => textsOf(bob).includes("two"), RECOVERY_MS);
    await alice.until(() => outcomes(alice).every(([, state]) => state !== undefined), RECOVERY_MS);
    assert.deepEqual(outcomes(alice), [
      ["one", "sent"],
      ["漢漢漢", failure],
      ["two", "sent"],
    ]);
    assert.deepEqual(textsOf(bob), ["one", "two"]);
    const streams = alice.frames
      .slice(length)
      .filter((frame) => frame.type === "state" && frame.state.link.state === "dialing").length;
    context.diagnostic(`${streams} new streams`);
    assert.ok(streams <= mostStreams, `${streams} new streams`);

    // Once known it is obeyed: the next one ends nothing.
    if (failure !== "too-large: server") return;
    const before = alice.frames.length;
    assert.ok((await say(alice, BOB, TOO_LARGE)).ok);
    assert.ok((await say(alice, BOB, "three")).ok);
    await bob.until(() => textsOf(bob).includes("three"), RECOVERY_MS);
    await alice.until(() => outcomes(alice).every(([, state]) => state !== undefined), RECOVERY_MS);
    assert.ok(
      alice.frames.slice(before).every((frame) => frame.type !== "state"),
      "no new stream",
    );
  });
}
