/**
 * What the person has chosen: shown here at once, told to the object as soon as it can be reached, and what it tells of all
 * own browsers stands. A choice waits in the database until then.
 */
import type { Choice, ChoicesInfo } from "../../../worker/contract/choices.ts";
import type { Result } from "../../../worker/contract/failures.ts";
import type { ServerFrame } from "../../../worker/contract/frames.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import { plainChoice } from "../../../worker/shared/choices.ts";
import { Mutex } from "../../../worker/shared/mutex.ts";
import type { Account } from "../account.ts";
import { type ChoiceRow, choiceKeyOf } from "../store/conversation-rows.ts";
import type { Unit } from "../store/unit.ts";

type Pending = NonNullable<ChoiceRow["pending"]>;
type Revisions = { readonly revision: number; readonly seen: number };

const DONE = { ok: true, value: { done: true } } as const;

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
  async choose(choices: readonly Choice[]): Promise<Result<{ readonly done: true }>> {
    await this.#account.store.work(async (unit) => {
      for (const choice of choices) {
        const key = choiceKeyOf(choice);
        const { chat, name, value } = plainChoice(choice);
        const told = (await unit.get("choices", key)) ?? { key, ...(chat !== undefined && { chat }), name };
        unit.put("choices", { ...told, pending: { value } });
      }
    });
    return this.#tell(new Set(choices.map(choiceKeyOf)));
  }

  /** The object can be reached: it is told what waits, in the background. */
  wake(): void {
    this.#account.store.inBackground(this.#tell(new Set()));
  }

  /** All that the object has; undefined: one of before contract 5, which keeps none. */
  async toldAll(info: ChoicesInfo | undefined): Promise<void> {
    if (info === undefined) return;
    await this.#account.store.work(async (unit) => {
      const { revision, seen } = await revisionsOf(unit);
      // A copy of its storage was put back: what this browser knows is newer, and is told again.
      const older = info.revision < revision;
      const told = new Map(info.all.map((choice) => [choiceKeyOf(choice), choice]));
      for (const row of await unit.all("choices")) {
        const choice = told.get(row.key);
        told.delete(row.key);
        const lost = older && row.pending === undefined && row.value !== choice?.value;
        put(unit, row, choice?.value, lost ? { value: row.value } : stillPending(row, info.revision));
      }
      for (const [key, choice] of told)
        unit.put("choices", { ...choice, key, ...(older && { pending: { value: undefined } }) });
      setRevision(unit, { revision, seen }, info.revision);
    });
  }

  /** Somebody has chosen these, perhaps this browser. */
  async told({ revision, changed }: Extract<ServerFrame, { readonly type: "choices" }>): Promise<void> {
    await this.#account.store.work(async (unit) => {
      for (const { value, ...choice } of changed) {
        const key = choiceKeyOf(choice);
        const row = (await unit.get("choices", key)) ?? { ...choice, key };
        put(unit, row, value, stillPending(row, revision));
      }
      setRevision(unit, await revisionsOf(unit), revision);
    });
  }

  /** `awaited`: somebody waits to hear of these. */
  #tell(awaited: ReadonlySet<string>): Promise<Result<{ readonly done: true }>> {
    return this.#running.run(async () => {
      for (;;) {
        const answer = await this.#tellSome(awaited);
        if (answer !== "more") return answer;
      }
    });
  }

  async #tellSome(awaited: ReadonlySet<string>): Promise<Result<{ readonly done: true }> | "more"> {
    const { store, cache, remote } = this.#account;
    if (store.closed) return DONE;
    const rows = [...cache.choices.values()].filter(({ pending }) => pending && pending.accepted === undefined);
    const some = rows.slice(0, LIMITS.choices);
    if (some.length === 0) return DONE;
    const { seen } = await store.work((unit) => revisionsOf(unit));
    const answer = await remote.call("choose", { choices: some.map(chosen), seen });
    // What it does not know of yet, or cannot do now, waits for the next socket. So does what a full storage did not take, but
    // for what somebody sits in front of: they are told.
    const isRefused = ({ key }: ChoiceRow) =>
      !answer.ok && (REFUSALS.has(answer.error.kind) || (answer.error.kind === "storage-full" && awaited.has(key)));
    if (!answer.ok && !some.some(isRefused)) return DONE;
    await store.work(async (unit) => {
      const { revision } = await revisionsOf(unit);
      for (const sent of some) {
        const row = await unit.get("choices", sent.key);
        // Chosen otherwise meanwhile: that is told next.
        if (row === undefined || sent.pending === undefined || row.pending !== sent.pending) continue;
        if (isRefused(sent)) put(unit, row, row.value, undefined);
        if (!answer.ok) continue;
        const accepted = answer.value.revision;
        put(unit, row, row.value, accepted <= revision ? undefined : { ...sent.pending, accepted });
      }
    });
    return answer.ok ? "more" : answer;
  }
}

/** Another try would end the same way. */
const REFUSALS: ReadonlySet<string> = new Set(["malformed", "too-large"]);

/** What is shown: what was chosen here last, else what the object has told. */
export function chosen({ chat, name, value, pending }: ChoiceRow): Choice {
  const now = pending === undefined ? value : pending.value;
  return { ...(chat !== undefined && { chat }), name, ...(now !== undefined && { value: now }) };
}

/** What was accepted is told by the frame of its revision; after an older copy of the storage it has to be told again. */
function stillPending({ pending }: ChoiceRow, revision: number): Pending | undefined {
  if (pending?.accepted === undefined) return pending;
  return pending.accepted <= revision ? undefined : { value: pending.value };
}

function put(unit: Unit, row: ChoiceRow, value: Choice["value"], pending: Pending | undefined): void {
  if (row.value === value && row.pending === pending && (value ?? pending) !== undefined) return;
  const { value: _told, pending: _chosen, ...name } = row;
  if (value === undefined && pending === undefined) unit.delete("choices", row.key, row);
  else unit.put("choices", { ...name, ...(value !== undefined && { value }), ...(pending && { pending }) });
}

async function revisionsOf(unit: Unit): Promise<Revisions> {
  const { revision = 0, seen = revision } = (await unit.meta("choices")) ?? {};
  return { revision, seen };
}

function setRevision(unit: Unit, before: Revisions, revision: number): void {
  if (revision === before.revision) return;
  unit.put("meta", { name: "choices", revision, seen: Math.max(before.seen, revision) });
}
