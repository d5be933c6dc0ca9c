/** The page of this release while a Worker of the release before answers it: nobody is signed out, nothing is lost. */
import assert from "node:assert/strict";
import { ALICE, BOB } from "../stack.ts";
import { answeredBy, bothWorkers } from "./older-worker.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";

const story = Story.stage({ name: "older-worker-page", endpoint: "starttls", entry: await bothWorkers() });

let alice: Person;
let bob: Person;

story.test("D15: what is written meanwhile waits, and arrives with the next Worker", async () => {
  alice = await story.signedIn(ALICE, { called: "alice" });
  bob = await story.signedIn(BOB, { called: "bob" });
  await Promise.all([alice.openChat("bob"), bob.openChat("alice")]);
  await alice.send("before");
  await bob.sees("before");
  await answeredBy("older", story.stack.url);
  await alice.send("meanwhile");
  // The object comes back as well, as it does at each deployment: now the socket is asked for, and refused.
  const refused = alice.page.waitForResponse((answer) => answer.url().endsWith("/api/call/unlock"));
  await story.outage(() => story.stack.resetObject("alice@localhost"));
  assert.equal((await (await refused).json()).ok, false, "the older Worker opens nothing");
  await alice.sees("meanwhile");
  await answeredBy("today", story.stack.url);
  await bob.sees("meanwhile");
  await bob.send("and back");
  await alice.sees("and back");
  assert.deepEqual(await story.stack.objectRows("alice@localhost", "select count(*) as browsers from browsers"), [
    { browsers: 1 },
  ]);
});
