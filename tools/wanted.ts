/** What the command line of `npm test` asks for. */

export type Wanted = {
  /** Phases that are named. */
  readonly phases: readonly string[];
  /** Parts of paths of test files. */
  readonly filters: readonly string[];
  /** Only what differs from `base` can reach; without `base`, from where the branch began. */
  readonly changed?: { readonly base?: string };
  /** Says how long each file took. */
  readonly times: boolean;
};

const CHANGED = "--changed";
const TIMES = "--times";

/**
 * @param words what stands behind `npm test --`
 * @param known names of all phases
 * @throws with a sentence where the words make no sense
 */
export function readWanted(words: readonly string[], known: readonly string[]): Wanted {
  const options = words.filter((word) => word.startsWith("-"));
  const unknown = options.filter((word) => word !== TIMES && word !== CHANGED);
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(", ")}: ${CHANGED} [COMMIT], ${TIMES}.`);
  const plain = words.filter((word) => !word.startsWith("-"));
  const phases = plain.filter((word) => known.includes(word));
  const others = plain.filter((word) => !known.includes(word));
  const times = options.includes(TIMES);
  if (!options.includes(CHANGED)) return { phases, filters: others, times };
  const [base, ...more] = others;
  if (more.length > 0)
    throw new Error(`${CHANGED} chooses the files by itself: ${more.join(" ")} is one word too many.`);
  return { phases, filters: [], changed: { ...(base !== undefined && { base }) }, times };
}

/** @param ground phases on which the system tests stand */
export function isWanted(phase: string, { phases, filters }: Wanted, ground: readonly string[]): boolean {
  if (phases.includes(phase)) return true;
  if (phases.length > 0) return phases.includes("system") && ground.includes(phase);
  // Only parts of paths: both kinds of test files may match.
  return filters.length === 0 || ground.includes(phase) || phase === "unit" || phase === "system";
}
