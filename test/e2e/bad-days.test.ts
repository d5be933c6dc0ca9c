/** Servers stop, objects forget, runtimes die while alice looks on: words on the screen, nothing lost, no reload. */
import assert from "node:assert/strict";
import { ALICE, BOB } from "../stack.ts";
import type { PythonPeer } from "../interop/python-peer.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";

const story = Story.stage({ name: "bad-days", endpoint: "starttls" });

let a: Person;
let b: Person;
let bob: PythonPeer;
const all: string[] = [];

/** Everything stands again when each of the three is read by the others, and nothing came twice. */
async function goesOn(word: string): Promise<void> {
  await Promise.all([a.isConnected(), b.isConnected()]);
  await a.send(`${word}, from A`);
  await b.sees(`${word}, from A`);
  await bob.reads(`${word}, from A`);
  await bob.send("alice@localhost", `${word}, from bob`);
  await Promise.all([a.sees(`${word}, from bob`), b.sees(`${word}, from bob`)]);
  all.push(`${word}, from A`, `${word}, from bob`);
  await Promise.all([a.seesInOrder(all), b.seesInOrder(all)]);
  assert.deepEqual(
    bob.texts(),
    all.filter((text) => !text.endsWith("from bob")),
  );
}

story.test("on a good day", async () => {
  [a, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice in A" }), story.peer(BOB)]);
  b = await story.signedIn(ALICE, { called: "alice in B" });
  await Promise.all([a.openChat("bob"), b.openChat("bob")]);
  await goesOn("good day");
});

story.test("the server stops and starts: both are told, what was typed meanwhile arrives once", async () => {
  await bob.signOut();
  await story.stack.xmpp.stop();
  await Promise.all([a, b].map((one) => one.isTold(/Reconnecting to localhost/)));
  await a.send("typed while the server was away");
  await b.sees("typed while the server was away");
  await a.isMarked("typed while the server was away", "waiting");
  all.push("typed while the server was away");
  await story.stack.xmpp.start();
  await bob.signIn();
  await Promise.all([a.isConnected(), b.isConnected()]);
  await bob.reads("typed while the server was away");
  await a.isMarked("typed while the server was away", "sent", "delivered", "read");
  await goesOn("server is back");
});

story.test("the person need not wait: trying now brings the connection back", async () => {
  await bob.signOut();
  await story.stack.xmpp.stop();
  await a.isTold(/next try in \d+ s/);
  await story.stack.xmpp.start();
  await bob.signIn();
  // It may have come back by itself this very moment, and taken the button with it.
  await a.pressIfThere("Try now");
  await goesOn("tried at once");
});

story.test("the object loses its memory: the browsers bring it back without a word of the person", async () => {
  await story.outage(async () => {
    await story.stack.resetObject("alice@localhost");
    await a.send("typed at the moment of the reset");
    all.push("typed at the moment of the reset");
    await Promise.all([b.sees("typed at the moment of the reset"), bob.reads("typed at the moment of the reset")]);
    await goesOn("object is back");
  });
  assert.equal((await story.stack.xmpp.sessions("alice@localhost")).length, 1);
});

story.test("Alcove itself is killed and comes back: told meanwhile, nothing typed is lost", async () => {
  await story.outage(async () => {
    await story.stack.killWorker();
    await Promise.all([a, b].map((one) => one.isTold(/Alcove/)));
    await a.send("typed while Alcove was away");
    await a.isMarked("typed while Alcove was away", "waiting");
    all.push("typed while Alcove was away");
    await story.stack.startWorker();
    await Promise.all([a.isConnected(), b.isConnected()]);
    await bob.reads("typed while Alcove was away");
    await b.sees("typed while Alcove was away");
    await goesOn("Alcove is back");
  });
});
