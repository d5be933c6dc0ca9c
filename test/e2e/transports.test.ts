/** The same story over the other ways to the XMPP server; `two-browsers.test.ts` has it, and more, over STARTTLS. */
import { describe } from "node:test";
import { ALICE, BOB } from "../stack.ts";
import { writeInAllDirections } from "./in-all-directions.ts";
import { Story } from "./story.ts";

const WAYS = [
  { endpoint: "tls", called: "direct TLS" },
  { endpoint: "ws", called: "a WebSocket" },
] as const;

for (const { endpoint, called } of WAYS) {
  describe(`over ${called}`, () => {
    const story = Story.stage({ name: `transport-${endpoint}`, endpoint });

    story.test("alice in two browsers and bob write in all directions", async () => {
      const [a, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice in A" }), story.peer(BOB)]);
      const b = await story.signedIn(ALICE, { called: "alice in B" });
      await writeInAllDirections({ a, b, bob });
    });
  });
}
