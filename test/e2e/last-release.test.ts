/** A tab that stayed open over a deployment: the page of the last release with the Worker and the objects of this one. */
import { ALICE, BOB } from "../stack.ts";
import { lastReleasePage } from "./last-release.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";

const story = Story.stage({
  name: "last-release",
  endpoint: "starttls",
  page: lastReleasePage,
  // Its sign-in is of before; `bad-sign-in.test.ts` has what it is told.
  variables: { OLD_SIGN_INS: "translated" },
});

let bob: Person;

story.test("the page of the last release signs in, writes and reads with this release's object", async () => {
  const alice = await story.signedIn(ALICE, { called: "alice" });
  bob = await story.signedIn(BOB, { called: "bob" });
  await Promise.all([alice.openChat("bob"), bob.openChat("alice")]);
  await alice.send("from a tab that is older than the object");
  await bob.sees("from a tab that is older than the object");
  await bob.send("and back");
  await alice.sees("and back");
});

story.test("after a reload it goes on where it was", async () => {
  const alice = await story.signedIn(ALICE, { called: "alice, second browser" });
  await alice.openChat("bob");
  await alice.reload();
  await alice.send("once more");
  await bob.sees("once more");
});
