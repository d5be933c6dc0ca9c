/**
 * One run: a real Prosody, a real workerd, three real Chromiums. Alice's browser is killed in every round and comes back
 * on its profile, while Alice's other browser and Bob's go on writing. Then everything is left in peace, and what all hold
 * is judged.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../e2e/waiting.ts";
import { Random } from "../faults/random.ts";
import { startStack } from "../stack.ts";
import { ACCOUNTS, ALICE_JID, Cast } from "./cast.ts";
import { readDatabase } from "./database.ts";
import { headOf, knownOrigins, listedDevices } from "./object.ts";
import { describe, makePlan } from "./plan.ts";
import { countKeys, type Finding, judge, type Writer, WRITERS } from "./verdict.ts";
import { Victim } from "./victim.ts";

const SAY_EVERY_ROUNDS = 10;
const SHOWN_STATES = 10;

export type RunOptions = {
  readonly rounds: number;
  readonly seed: number;
  /** The first of nine ports. */
  readonly basePort: number;
  readonly say: (line: string) => void;
};

export type RunResult = {
  readonly findings: readonly Finding[];
  /** Kills that struck, in words. */
  readonly struck: readonly string[];
  /** Of these, those whose moment did not come by itself. */
  readonly late: number;
  readonly written: Readonly<Record<Writer, number>>;
  /** Texts of the killed browser to which the engine could not answer any more, and how many of them were sent after all. */
  readonly unanswered: number;
  readonly sentAfterAll: number;
  /** From asking for the page to standing connected, of every start that lived so long. */
  readonly startsMs: readonly number[];
  /** Databases that were looked into after a kill. */
  readonly databases: number;
  /** Messages seen leaving, and the different message keys in them. */
  readonly messages: number;
  readonly keys: number;
  readonly seconds: number;
};

/** @throws when the servers do not start or nobody can sign in; what goes wrong afterwards is a finding. */
export async function runKills(options: RunOptions): Promise<RunResult> {
  const stack = await startStack({
    name: "kills",
    basePort: options.basePort,
    endpoint: "starttls",
  });
  const profile = await mkdtemp(join(tmpdir(), "alcove-kills-profile-"));
  const cast = new Cast(stack, options.basePort);
  try {
    await cast.enter(profile);
    return await play(options, cast, new Victim(cast, profile));
  } finally {
    await cast.leave();
    await stack.stop();
    await rm(profile, { recursive: true, force: true });
  }
}

async function play({ rounds, seed, say }: RunOptions, cast: Cast, victim: Victim): Promise<RunResult> {
  const start = performance.now();
  const findings: Finding[] = [];
  const struck: string[] = [];
  const note = (error: unknown) => {
    const says = error instanceof Error ? error.message : String(error);
    findings.push({ kind: "noticed", says: `behind ${struck.length} kills: ${says}` });
  };
  const enough = new AbortController();
  const random = new Random(seed);
  const talks = (["bob", "sibling"] as const).map((writer) => cast.talk(writer, random, enough.signal).catch(note));
  const devices = await listedDevices(cast.stack, ALICE_JID);
  try {
    for (const [at, round] of makePlan({ rounds, seed }).entries()) {
      const words = `${at + 1} (${describe(round.strike)})`;
      await victim.round(round);
      struck.push(words);
      findings.push(...victim.findings.splice(0).map(({ kind, says }) => ({ kind, says: `${words}: ${says}` })));
      if ((at + 1) % SAY_EVERY_ROUNDS === 0)
        say(`${at + 1} kills, ${cast.written.length} texts, ${findings.length} findings`);
    }
    enough.abort();
    await Promise.all(talks);
    await victim.comeBack();
    const options = { describe: () => statesOf(cast) };
    await until("everything is everywhere", () => isSettled(cast), options).catch(note);
    findings.push(...cast.noticed.map((says) => ({ kind: "noticed", says }) as const));
    const { written, sent } = cast;
    findings.push(
      ...victim.findings,
      ...judge({ written, sent, accepted: await cast.accepted(), held: await cast.held() }),
    );
    const now = await listedDevices(cast.stack, ALICE_JID);
    if (now !== devices) findings.push({ kind: "noticed", says: `listed are ${now}, before it was ${devices}` });
    await goOnByHand(cast);
  } catch (error) {
    note(error);
  } finally {
    enough.abort();
    await Promise.all(talks);
  }
  return { ...(await countsOf(cast, victim)), findings, struck, seconds: (performance.now() - start) / 1_000 };
}

/** Every browser has read its log to the end and has nothing left to send, and each log holds all texts. */
async function isSettled(cast: Cast): Promise<boolean> {
  const accepted = await cast.accepted();
  for (const writer of WRITERS) {
    const account = ACCOUNTS[writer];
    const stored = await readDatabase(cast.person(writer).page, account);
    if (stored === undefined || stored.outbox.length > 0) return false;
    if (stored.cursor?.seq !== (await headOf(cast.stack, account))) return false;
    const known = await knownOrigins(cast.stack, account);
    if ([...accepted].some((client) => !known.has(client))) return false;
  }
  return true;
}

/** What each browser waits for. */
function statesOf(cast: Cast): Promise<readonly string[]> {
  return Promise.all(
    WRITERS.map(async (writer) => {
      const person = cast.person(writer);
      const stored = await readDatabase(person.page, ACCOUNTS[writer]);
      const head = await headOf(cast.stack, ACCOUNTS[writer]);
      const stages = (stored?.outbox ?? []).map(({ stage, number, sealed }) => `${stage} ${number} ${sealed}`);
      const log = `at ${stored?.cursor?.seq} of ${head}, number ${stored?.numbered}`;
      const says = `${await person.connection()}; ${(await person.notices()).join("; ")}; ${person.troubles.found.join("; ")}`;
      return `${writer} ${log}, ${stages.length} to send: ${stages.slice(0, SHOWN_STATES).join(", ")}. ${says}`;
    }),
  );
}

/** After all that the conversation is one like any other. */
async function goOnByHand(cast: Cast): Promise<void> {
  const [alice, sibling, bob] = WRITERS.map((writer) => cast.person(writer));
  await alice?.send("still here?");
  await bob?.sees("still here?");
  await bob?.send("so are you");
  await Promise.all([alice?.sees("so are you"), sibling?.sees("so are you")]);
}

async function countsOf(cast: Cast, victim: Victim): Promise<Omit<RunResult, "findings" | "struck" | "seconds">> {
  const accepted = await cast.accepted();
  const unanswered = cast.authors.alice.written.filter(({ taken }) => !taken);
  const { alice, sibling, bob } = cast.authors;
  return {
    late: victim.late,
    written: { alice: alice.written.length, sibling: sibling.written.length, bob: bob.written.length },
    unanswered: unanswered.length,
    sentAfterAll: unanswered.filter(({ client }) => accepted.has(client)).length,
    startsMs: victim.startsMs,
    databases: victim.databases,
    messages: cast.sent.length,
    keys: countKeys(cast.sent),
  };
}
