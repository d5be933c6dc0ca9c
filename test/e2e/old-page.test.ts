/** The page of the last release signs in with the password itself, which nobody takes any more: it says so in its own words. */
import assert from "node:assert/strict";
import { ALICE } from "../stack.ts";
import { lastReleasePage } from "./last-release.ts";
import { Story } from "./story.ts";

const story = Story.stage({ name: "old-page", endpoint: "starttls", page: lastReleasePage });

story.test("A12: a sign-in by the page of the last release fails in words that say what helps", async () => {
  const alice = await story.person({ called: "alice" });
  await alice.fillSignIn("alice@localhost", ALICE.password);
  await alice.reads(/this page is of another release; load it again, then sign in/);
  assert.deepEqual(await story.stack.xmpp.sessions("alice@localhost"), []);
});
