/** A server that offers the least: nothing better than PLAIN, no place for encryption keys, no archive. */
import assert from "node:assert/strict";
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";

const story = Story.stage({
  name: "poor-server",
  endpoint: "starttls",
  xmppConfig: 'disable_sasl_mechanisms = { "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS" }',
  // All but the last would bring PEP along.
  withoutModules: ["pep", "bookmarks", "vcard4", "vcard_legacy", "mam"],
});

let alice: Person;

story.test("a server that wants the password itself gets it only after a yes", async () => {
  alice = await story.person({ called: "alice" });
  await alice.fillSignIn("alice@localhost", ALICE.password);
  await alice.reads(/localhost asks for the password itself/);
  assert.deepEqual(await story.stack.xmpp.sessions("alice@localhost"), []);
  await alice.press("Go back");
  await alice.isSignedOut();
  await alice.press("Sign in");
  await alice.reads(/localhost asks for the password itself/);
  await alice.press("Send the password to localhost");
  await alice.isTold(/localhost cannot announce your encryption keys/);
});

story.test("without a place for keys nothing can be encrypted, and nothing is sent in clear by itself", async () => {
  const bob = await story.peer(BOB, { withoutOmemo: true });
  await alice.openChat("bob");
  await alice.isEncryption("unavailable");
  await alice.reads(/Bob cannot receive encrypted messages yet/);
  await alice.press("Write without encryption…");
  await alice.reads(/Write to Bob without encryption\?/);
  await alice.press("Cancel");
  await alice.isEncryption("unavailable");
  assert.deepEqual(bob.texts(), []);
});

story.test("N6: that the server keeps no history is said, once", async () => {
  await alice.reads(/Your server keeps no history\./);
  await alice.press("Got it");
  await alice.reload();
  await alice.isTold(/localhost cannot announce your encryption keys/);
  await alice.openChat("bob");
  const words = await alice.page.evaluate(() => document.body.textContent ?? "");
  assert.ok(!words.includes("keeps no history"));
});
