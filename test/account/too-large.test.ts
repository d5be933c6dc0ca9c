/** A message that the server does not take, and what becomes of those around it; real Prosody, real ejabberd. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { ProgressEntry } from "../../worker/contract/entries.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { ALICE as ALICE_ACCOUNT, BOB as BOB_ACCOUNT, type Stack, startStack } from "../stack.ts";
import { startEjabberd } from "../xmpp-server/ejabberd.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
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

type People = { readonly alice: ScriptedBrowser; readonly bob: ScriptedBrowser; readonly bobs: BareJid };

/** Between two that arrive stands one that is too large: it fails alone, and at most so many streams end. */
async function failsAlone(context: TestContext, people: People, words: RegExp, mostStreams: number): Promise<string> {
  const { alice, bob, bobs } = people;
  const { length } = alice.frames;
  for (const text of ["one", TOO_LARGE, "two"]) assert.ok((await say(alice, bobs, text)).ok);
  await bob.until(() => textsOf(bob).includes("two"), RECOVERY_MS);
  await alice.until(() => outcomes(alice).every(([, state]) => state !== undefined), RECOVERY_MS);
  const failure = outcomes(alice)[1]?.[1] ?? "";
  assert.match(failure, words);
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
  return failure;
}

/** Once known the limit is obeyed: the next one ends nothing. */
async function isObeyed({ alice, bob, bobs }: People): Promise<void> {
  const { length } = alice.frames;
  assert.ok((await say(alice, bobs, TOO_LARGE)).ok);
  assert.ok((await say(alice, bobs, "three")).ok);
  await bob.until(() => textsOf(bob).includes("three"), RECOVERY_MS);
  await alice.until(() => outcomes(alice).every(([, state]) => state !== undefined), RECOVERY_MS);
  assert.ok(
    alice.frames.slice(length).every((frame) => frame.type !== "state"),
    "no new stream",
  );
}

async function bothAt(stack: Stack, alices: BareJid, bobs: BareJid): Promise<People> {
  const bob = await browserOf(stack, bobs, BOB_ACCOUNT.password);
  const alice = await browserOf(stack, alices, ALICE_ACCOUNT.password);
  return { alice, bob, bobs };
}

for (const [what, endpoint, config, mostStreams, words] of [
  ["announces its limit", "starttls", `alcove_announced_bytes = ${LIMIT}`, 0, /^too-large: server$/],
  // Its word is lost where it closes the connection before everything was read, so it may be heard at the second time only.
  ["says so when it ends the stream", "starttls", "", 2, /^too-large: server$/],
  // Prosody 0.12 does so over a WebSocket, most of the time, where a frame is over twice the limit.
  ["breaks off without a word", "ws", "", 4, /^(?:server-error: ended streams|too-large: server)$/],
] as const) {
  test(`M1: a message over the limit of a server that ${what} fails alone`, async (context) => {
    const xmppConfig = `c2s_stanza_size_limit = ${LIMIT}\n${config}`;
    const stack = await startStack({ name: "too-large", endpoint, xmppConfig });
    context.after(() => stack.stop());
    const people = await bothAt(stack, ALICE, BOB);
    const failure = await failsAlone(context, people, words, mostStreams);
    if (failure === "too-large: server") await isObeyed(people);
  });
}

test("M1: a message over the limit of ejabberd fails alone", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "alcove-too-large-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const basePort = await claimPorts();
  const ejabberd = await startEjabberd({
    state: folder,
    basePort: basePort + 10,
    domain: "ejabberd.test",
    accounts: [ALICE_ACCOUNT, BOB_ACCOUNT],
    stanzaBytes: LIMIT,
    config: "auth_password_format: scram",
  });
  context.after(() => ejabberd.kill());
  const stack = await startStack({
    name: "too-large-ejabberd",
    basePort,
    endpoint: "starttls",
    variables: { XMPP_ENDPOINTS: JSON.stringify({ "ejabberd.test": ejabberd.endpoints.starttls }) },
    authorities: [ejabberd.ca],
  });
  context.after(() => stack.stop());
  const people = await bothAt(stack, "alice@ejabberd.test" as BareJid, "bob@ejabberd.test" as BareJid);
  await failsAlone(context, people, /^too-large: server$/, 2);
  await isObeyed(people);
});
