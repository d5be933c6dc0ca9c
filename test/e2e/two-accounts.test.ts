/** Alcove with Alcove: first contact from either side, both at once, and a long exchange in turns. */
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";

const CAROL = { name: "carol", password: "crescent" } as const;
const DAVE = { name: "dave", password: "driftwood" } as const;
const TURNS = 10;

const accounts = [ALICE, BOB, CAROL, DAVE];
const story = Story.stage({ name: "two-accounts", endpoint: "starttls", accounts });

let alice: Person;
let bob: Person;
let carol: Person;
let dave: Person;

story.test("alice writes to bob for the first time and they go on in turns", async () => {
  [alice, bob] = await Promise.all([
    story.signedIn(ALICE, { called: "alice" }),
    story.signedIn(BOB, { called: "bob" }),
  ]);
  await Promise.all([alice.openChat("bob"), bob.openChat("alice")]);
  const all: string[] = [];
  for (let turn = 1; turn <= TURNS; turn++) {
    for (const [writer, reader] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const text = `turn ${turn} of ${writer.called}`;
      await writer.send(text);
      await reader.sees(text);
      all.push(text);
    }
  }
  await Promise.all([alice.seesInOrder(all), bob.seesInOrder(all)]);
  // Bob has the conversation open: what Bob's browser has decrypted was seen.
  await alice.isMarked(`turn ${TURNS} of alice`, "read");
});

story.test("carol writes to alice for the first time; alice answers", async () => {
  [carol, dave] = await Promise.all([
    story.signedIn(CAROL, { called: "carol" }),
    story.signedIn(DAVE, { called: "dave" }),
  ]);
  await carol.openChat("alice");
  await carol.send("hello alice");
  await alice.seesChat("carol@localhost", { unread: 1, preview: "hello alice" });
  await alice.openChat("carol");
  await alice.send("hello carol");
  await carol.seesInOrder(["hello alice", "hello carol"]);
  await alice.seesInOrder(["hello alice", "hello carol"]);
});

story.test("bob and dave begin at the same moment: both read everything, now and afterwards", async () => {
  await Promise.all([bob.openChat("dave"), dave.openChat("bob")]);
  await Promise.all([bob.isEncryption("ready"), dave.isEncryption("ready")]);
  await Promise.all([bob.send("bob begins"), dave.send("dave begins")]);
  await Promise.all([bob.sees("dave begins"), dave.sees("bob begins")]);
  for (let turn = 1; turn <= 3; turn++) {
    await Promise.all([bob.send(`bob ${turn}`), dave.send(`dave ${turn}`)]);
    await Promise.all([bob.sees(`dave ${turn}`), dave.sees(`bob ${turn}`)]);
  }
  await bob.send("in turns again");
  await dave.sees("in turns again");
});
