/** From the click on Send to the text on another screen: in the own second browser, and at a contact's. */
import { setTimeout as sleep } from "node:timers/promises";
import { Person } from "../e2e/person.ts";
import { ALICE, BOB, type Stack } from "../stack.ts";
import { type Measure, measuresTable } from "./samples.ts";
import { Stopwatch } from "./stopwatch.ts";

const ROUNDS = 40;
/** Sessions are made, pre-keys replaced, code compiled: the first messages are not what people wait for all day. */
const WARM_UP_ROUNDS = 8;
/** Receipts of the message before are out of the way. */
const PAUSE_MS = 250;
const OWN_GOAL_MS = 60;
const CONTACT_GOAL_MS = 80;

type Cast = { readonly a: Stopwatch; readonly b: Stopwatch; readonly bob: Stopwatch };
/** Milliseconds from the click. */
type Arrival = { readonly here: number; readonly own: number; readonly contact: number };

/** Prints both tables. Throws when a text does not arrive. */
export async function measureDelivery(stack: Stack): Promise<string> {
  const first = await Person.open(stack, { called: "alice in A" });
  const people = [
    first,
    await Person.open(stack, { called: "alice in B", others: () => [first] }),
    await Person.open(stack, { called: "bob" }),
  ] as const;
  try {
    const [alice, sibling, bob] = people;
    await alice.signIn(ALICE);
    await sibling.signIn(ALICE);
    await bob.signIn(BOB);
    await Promise.all([alice.openChat("bob"), sibling.openChat("bob"), bob.openChat("alice")]);
    const cast: Cast = {
      a: await Stopwatch.start(alice.page),
      b: await Stopwatch.start(sibling.page),
      bob: await Stopwatch.start(bob.page),
    };
    await alternating(cast, WARM_UP_ROUNDS, "warm-up");
    const oneWay = await inOneDirection(cast, ROUNDS);
    const [toBob, toAlice] = await alternating(cast, ROUNDS, "turn");
    const corrections = Object.values(cast).map(({ correctionMs }) => correctionMs);
    const spread = Math.max(...corrections) - Math.min(...corrections);
    return [
      measuresTable("alice writes on and on", measuresOf(oneWay)),
      measuresTable("alice and bob in turns", [
        ...measuresOf(toBob),
        {
          name: "bob's click → at alice's, browser A",
          samples: toAlice.map(({ own }) => own),
          goalMs: CONTACT_GOAL_MS,
        },
        {
          name: "bob's click → at alice's, browser B",
          samples: toAlice.map(({ contact }) => contact),
          goalMs: CONTACT_GOAL_MS,
        },
      ]),
      `The clocks of the three pages were ${spread.toFixed(2)} ms apart; this is taken out.`,
    ].join("\n\n");
  } finally {
    for (const person of people) await person.close();
  }
}

function measuresOf(arrivals: readonly Arrival[]): readonly Measure[] {
  return [
    { name: "click → own bubble in the same browser", samples: arrivals.map(({ here }) => here) },
    { name: "click → own second browser", samples: arrivals.map(({ own }) => own), goalMs: OWN_GOAL_MS },
    { name: "click → at the contact's", samples: arrivals.map(({ contact }) => contact), goalMs: CONTACT_GOAL_MS },
  ];
}

async function inOneDirection({ a, b, bob }: Cast, rounds: number): Promise<readonly Arrival[]> {
  const arrivals: Arrival[] = [];
  for (let round = 0; round < rounds; round += 1) arrivals.push(await deliver(`one way ${round}`, a, b, bob));
  return arrivals;
}

/** Every answer is a step of the ratchet on both sides. */
async function alternating(
  { a, b, bob }: Cast,
  rounds: number,
  word: string,
): Promise<readonly [readonly Arrival[], readonly Arrival[]]> {
  const toBob: Arrival[] = [];
  const toAlice: Arrival[] = [];
  for (let round = 0; round < rounds; round += 1) {
    toBob.push(await deliver(`${word} ${round}, alice`, a, b, bob));
    toAlice.push(await deliver(`${word} ${round}, bob`, bob, a, b));
  }
  return [toBob, toAlice];
}

async function deliver(text: string, from: Stopwatch, own: Stopwatch, contact: Stopwatch): Promise<Arrival> {
  const clicked = await from.send(text);
  const [here, second, there] = await Promise.all([from, own, contact].map((watch) => watch.shown(text)));
  await sleep(PAUSE_MS);
  return { here: (here ?? 0) - clicked, own: (second ?? 0) - clicked, contact: (there ?? 0) - clicked };
}
