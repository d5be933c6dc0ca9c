/** One run over everything that this browser lacks, along one road. Begun anew it asks only for what is still missing. */
import type { Database } from "../store/database.ts";
import type { Along, Asker, Outcome } from "./asker.ts";
import { ASKED } from "./frames.ts";
import { type Hole, holesIn } from "./holes.ts";

/** Questions under way: one is written to the disk, one is on its way, one is looked up at the other end. */
const AHEAD = 3;

export type TakingParts = {
  readonly database: Database;
  readonly asker: Asker;
  readonly along: Along;
  /** Settles when nobody has paused it. False: it was given up. */
  readonly mayGoOn: () => Promise<boolean>;
};

/** `left`: messages that nobody could say. */
export type Taken = { readonly how: "done" | "full" | "ended" | "given-up"; readonly left: number };

export async function takeAll({ database, asker, along, mayGoOn }: TakingParts): Promise<Taken> {
  let left = 0;
  let how: Taken["how"] = "done";
  const unknown: Hole[] = [];
  const underWay = new Set<Promise<void>>();
  const note = (outcome: Outcome, last: boolean) => {
    left += outcome.left.length + (last ? outcome.unknown.length : 0);
    if (!last) unknown.push(...outcome.unknown);
    if (outcome.how !== "answered" && how === "done") how = outcome.how;
  };
  const ask = async (holes: readonly Hole[], last: boolean) => {
    if (!(await mayGoOn())) {
      how = "given-up";
      return;
    }
    const asked = asker.ask(holes, along, last).then((outcome) => {
      note(outcome, last);
      underWay.delete(asked);
    });
    underWay.add(asked);
    if (underWay.size >= AHEAD) await Promise.race(underWay);
  };
  for await (const holes of grouped(holesIn(database))) {
    await ask(holes, false);
    if (how !== "done") break;
  }
  await Promise.all(underWay);
  // By other names it may know those whose entries it does not: its log was another one.
  const byName = unknown.filter(({ archiveKey, cipherKey }) => archiveKey !== undefined || cipherKey !== undefined);
  left += unknown.length - byName.length;
  for (let from = 0; from < byName.length && how === "done"; from += ASKED) {
    await ask(byName.slice(from, from + ASKED), true);
  }
  await Promise.all(underWay);
  return { how, left };
}

/** As many as are asked for at once. */
async function* grouped(parts: AsyncIterable<readonly Hole[]>): AsyncGenerator<readonly Hole[]> {
  let group: readonly Hole[] = [];
  for await (const part of parts) {
    group = [...group, ...part];
    while (group.length >= ASKED) {
      yield group.slice(0, ASKED);
      group = group.slice(ASKED);
    }
  }
  if (group.length > 0) yield group;
}
