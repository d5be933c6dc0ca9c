/** The XMPP server is silent for a moment: alice's browsers go on sharing what they write. */
import assert from "node:assert/strict";
import { ALICE, BOB } from "../stack.ts";
import { Story } from "./story.ts";

const story = Story.stage({ name: "paused-server", endpoint: "starttls" });

story.test(
  "while the server is paused A's message appears in B; bob gets it once when the server goes on",
  async () => {
    const [a, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice in A" }), story.peer(BOB)]);
    const b = await story.signedIn(ALICE, { called: "alice in B" });
    await Promise.all([a.openChat("bob"), b.openChat("bob")]);
    // An established conversation: sessions in all directions, nothing to ask the server for.
    await a.send("hello");
    await Promise.all([b.sees("hello"), bob.reads("hello")]);
    await b.send("hello from B");
    await Promise.all([a.sees("hello from B"), bob.reads("hello from B")]);
    await bob.send("alice@localhost", "hello you two");
    await Promise.all([a.sees("hello you two"), b.sees("hello you two")]);

    story.stack.xmpp.pause();
    try {
      await a.send("into the silence");
      const shown = await b.sees("into the silence");
      assert.deepEqual([shown.own, shown.encrypted], [true, true]);
      await b.send("and another");
      await a.sees("and another");
      assert.ok(!bob.texts().includes("into the silence"), "the server really is paused");
      assert.ok((await a.messages()).some(({ text, state }) => text === "into the silence" && state === "waiting"));
    } finally {
      story.stack.xmpp.resume();
    }
    await bob.reads("and another");
    await a.isMarked("into the silence", "sent", "delivered", "read");
    await a.send("afterwards");
    await bob.reads("afterwards");
    assert.deepEqual(bob.texts(), ["hello", "hello from B", "into the silence", "and another", "afterwards"]);
    const all = ["hello", "hello from B", "hello you two", "into the silence", "and another", "afterwards"];
    await Promise.all([a.seesInOrder(all), b.seesInOrder(all)]);
  },
);
