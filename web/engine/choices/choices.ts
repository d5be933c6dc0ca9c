/**
 * What the person has chosen: shown here at once, told to the object as soon as it can be reached, and what it tells of all
 * own browsers stands. A choice waits in the database until then.
 */
import type { Choice, ChoiceValue } from "../../../worker/contract/choices.ts";
import type { Result } from "../../../worker/contract/failures.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import { Mutex } from "../../../worker/shared/mutex.ts";
import type { Account } from "../account.ts";
import { type ChoiceRow, choiceKeyOf, choiceOf } from "../store/people-rows.ts";
import type { Unit } from "../store/unit.ts";

type Done = Result<{ readonly done: true }>;

const DONE: Done = { ok: true, value: { done: true } };
/** Another try would end the same way. */
const REFUSALS = ["malformed", "too-large"];
const NEVER = { revision: 0, seen: 0 };

export class Choices {
  readonly #account: Account;
  readonly #running = new Mutex();

  constructor(account: Account) {
    this.#account = account;
  }

  /**
   * Settles when the object has answered, or could not be asked: then they wait. Fails with what it refuses them for
   * (`too-large`, `storage-full`); nothing has changed then.
   */
  async choose(choices: readonly Choice[]): Promise<Done> {
    await this.#account.store.work(async (unit) => {
      for (const choice of choices) {
        const key = choiceKeyOf(choice);
        unit.put("choices", { ...(await rowOf(unit, key)), pending: { value: choice.value } });
      }
    });
    return this.#tell(choices.map(choiceKeyOf));
  }

  /** The object can be reached: it is told what waits, in the background. */
  wake(): void {
    this.#account.store.inBackground(this.#tell([]));
  }

  /**
   * Somebody has chosen these, perhaps this browser; or `all`, which the object has. A revision below one that was told before
   * is that of an older copy of its storage: what was chosen since is told again.
   */
  async told(revision: number, choices: readonly Choice[], all: boolean): Promise<void> {
    await this.#account.store.work(async (unit) => {
      const before = (await unit.meta("choices")) ?? NEVER;
      const older = revision < before.revision;
      const told = new Map<string, ChoiceValue | undefined>(
        choices.map((choice) => [choiceKeyOf(choice), choice.value]),
      );
      if (all) for (const { key } of await unit.all("choices")) told.set(key, told.get(key));
      for (const [key, value] of told) {
        const row = await rowOf(unit, key);
        const { pending } = row;
        // What was accepted is told by the frame of its revision, so it is in all that is told after that.
        const open =
          pending?.accepted === undefined ? pending : pending.accepted > revision && { value: pending.value };
        const lost = older && pending === undefined && row.value !== value && { value: row.value };
        put(unit, row, value, open || lost || undefined);
      }
      if (revision !== before.revision)
        unit.put("meta", { name: "choices", revision, seen: Math.max(before.seen, revision) });
    });
  }

  /** `awaited`: somebody waits to hear of these, which are told before all others, and together. */
  #tell(awaited: readonly string[]): Promise<Done> {
    return this.#running.run(async () => {
      let said: Done = DONE;
      for (let most: number = LIMITS.choices; most > 0; ) {
        const [next, answer = said] = await this.#tellSome(awaited, most);
        most = next;
        said = answer;
      }
      return said;
    });
  }

  /** How many are told next, 0: none, and what is answered to whoever waits. */
  async #tellSome(awaited: readonly string[], most: number): Promise<readonly [number, Done?]> {
    const { store, cache, remote } = this.#account;
    const rows = [...cache.choices.values()].filter(({ pending }) => pending && pending.accepted === undefined);
    const ours = rows.filter(({ key }) => awaited.includes(key));
    const isOurs = ours.length > 0;
    const some = (isOurs ? ours : rows).slice(0, most);
    if (some.length === 0 || store.closed) return [0];
    const { seen } = (await store.work((unit) => unit.meta("choices"))) ?? NEVER;
    const answer = await remote.call("choose", { choices: some.map(choiceOf), seen });
    // What it does not know of yet, or cannot do now, waits for the next socket. So does what a full storage did not take, but
    // for what somebody sits in front of: they are told.
    if (!answer.ok) {
      const { kind } = answer.error;
      if (!REFUSALS.includes(kind) && !(isOurs && kind === "storage-full")) return [0];
      // It refuses all of them for one, or because they are too many at once.
      if (!isOurs && some.length > 1) return [some.length >> 1];
    }
    await store.work(async (unit) => {
      const { revision } = (await unit.meta("choices")) ?? NEVER;
      for (const { key, pending } of some) {
        const row = await rowOf(unit, key);
        // Chosen otherwise meanwhile: that is told next.
        if (pending === undefined || row.pending !== pending) continue;
        const accepted = answer.ok ? answer.value.revision : 0;
        put(unit, row, row.value, accepted <= revision ? undefined : { ...pending, accepted });
      }
    });
    return isOurs && !answer.ok ? [LIMITS.choices, answer] : [LIMITS.choices];
  }
}

async function rowOf(unit: Unit, key: string): Promise<ChoiceRow> {
  return (await unit.get("choices", key)) ?? { key };
}

function put(
  unit: Unit,
  { key, ...row }: ChoiceRow,
  value: ChoiceValue | undefined,
  pending: ChoiceRow["pending"],
): void {
  if (value === undefined && pending === undefined) unit.delete("choices", key);
  else if (row.value !== value || row.pending !== pending) unit.put("choices", { key, value, pending });
}
