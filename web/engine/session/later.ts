/**
 * The engine's second script: what the first messages have no need of (`engine-later.ts`). It is fetched when something of it
 * is first wanted; what could not be had is asked for again the next time.
 */

export type LaterPart = typeof import("./engine-later.ts")["PART"];

/** Undefined: it could not be had - offline, or a newer release has taken its place. */
export type LoadLater = () => Promise<LaterPart | undefined>;

export const NOT_LOADED = { ok: false, error: { kind: "not-loaded" } } as const;

/** The build puts the script's name here (`vite.config.ts`); elsewhere nothing is fetched beforehand. */
const SCRIPT = "%LATER%";

/** A script of which there is one; whoever asks while it is on its way gets the same. */
export class LaterScript<Part> {
  readonly #load: () => Promise<Part>;
  #underway: Promise<Part | undefined> | undefined;

  constructor(load: () => Promise<Part>) {
    this.#load = load;
  }

  get(): Promise<Part | undefined> {
    this.#underway ??= this.#load().catch(() => {
      // Whatever the reason is, the words are the same, and the browser's console has it.
      this.#underway = undefined;
      return undefined;
    });
    return this.#underway;
  }
}

/**
 * A browser may remember for as long as the worker lives that an import has failed (HTML §8.1.6.7.3, the module map), so the
 * script is in the cache before it is imported.
 */
async function fetched(): Promise<void> {
  if (!SCRIPT.endsWith(".js")) return;
  const answer = await fetch(SCRIPT);
  if (!answer.ok) throw new Error(`${SCRIPT}: ${answer.status}`);
  await answer.arrayBuffer();
}

const script = new LaterScript(async (): Promise<LaterPart> => {
  await fetched();
  return (await import("./engine-later.ts")).PART;
});

export const loadLater: LoadLater = () => script.get();
