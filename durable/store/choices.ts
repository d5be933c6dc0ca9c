/** What the person has chosen (`worker/contract/choices.ts`): kept as it was told, and passed on to every browser. */
import type { ChatChoices, Choice, ChoicesInfo, ChoiceValue, Settings } from "../../worker/contract/choices.ts";
import type { Failure } from "../../worker/contract/failures.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { chatChoicesOf, plainChoice, settingsOf } from "../../worker/shared/choices.ts";
import type { Log } from "../log/log.ts";
import type { Meta } from "./meta.ts";

type Row = { chat: string; name: string; value: string };

/** Choices that are places: nothing is newer than what is here. */
const PLACES: ReadonlySet<string> = new Set(["archived", "unread"] satisfies readonly (keyof ChatChoices)[]);

/** In the place of a conversation: the person as a whole. */
const NOBODY = "" as BareJid;

export class Choices {
  readonly #sql: SqlStorage;
  readonly #meta: Meta;
  readonly #log: Log;

  constructor(sql: SqlStorage, meta: Meta, log: Log) {
    this.#sql = sql;
    this.#meta = meta;
    this.#log = log;
  }

  /** What a browser is told first. */
  info(): ChoicesInfo {
    return { revision: this.#revision, all: this.#rows("select * from choices") };
  }

  /** What the person has set for themselves. */
  get settings(): Settings {
    return settingsOf(this.#rows("select * from choices where chat = ''"));
  }

  /** What was chosen for a conversation. */
  of(chat: BareJid): ChatChoices {
    return chatChoicesOf(chat, this.#rows("select * from choices where chat = ?", chat));
  }

  /**
   * The last change stands. `seen`: the highest revision that whoever chose knows of, which an older copy of this storage may
   * be behind. Runs inside a turn; answers with what browsers are to be told. Fails with `too-large`, and has changed nothing
   * then.
   */
  choose(
    choices: readonly Choice[],
    seen: number,
  ): { readonly revision: number; readonly changed: readonly Choice[] } | Failure {
    const changed = choices.map((choice) => plainChoice(this.#placed(choice)));
    if (this.#count + changed.filter((choice) => this.#isNew(choice)).length > LIMITS.choicesKept)
      return { kind: "too-large" };
    for (const { chat = NOBODY, name, value } of changed) {
      if (value === undefined) this.#sql.exec("delete from choices where chat = ? and name = ?", chat, name);
      else
        this.#sql.exec(
          "insert or replace into choices (chat, name, value) values (?, ?, ?)",
          chat,
          name,
          JSON.stringify(value),
        );
    }
    const revision = Math.max(this.#revision, seen) + 1;
    this.#meta.set("choices-revision", revision);
    return { revision, changed };
  }

  /** A page may hold messages that have no place here yet. */
  #placed(choice: Choice): Choice {
    const { chat, name, value } = choice;
    if (chat === undefined || !PLACES.has(name) || typeof value !== "number") return choice;
    return { ...choice, value: Math.min(value, this.#log.position) };
  }

  get #revision(): number {
    return this.#meta.get("choices-revision") ?? 0;
  }

  get #count(): number {
    return this.#sql.exec<{ count: number }>("select count(*) as count from choices").one().count;
  }

  #isNew({ chat = NOBODY, name, value }: Choice): boolean {
    if (value === undefined) return false;
    return this.#sql.exec("select 1 from choices where chat = ? and name = ?", chat, name).toArray().length === 0;
  }

  #rows(query: string, ...bindings: readonly string[]): readonly Choice[] {
    return this.#sql
      .exec<Row>(query, ...bindings)
      .toArray()
      .map(({ chat, name, value }) => ({
        ...(chat === NOBODY ? {} : { chat: chat as BareJid }),
        name,
        value: JSON.parse(value) as ChoiceValue,
      }));
  }
}
