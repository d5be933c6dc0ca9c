/** What was looked at and what came of it. */
import type { Failure } from "../../worker/contract/failures.ts";
import type { TextKey } from "../../web/i18n/aside.ts";
import type { CureId } from "./cures.ts";

export type Level =
  | "ok"
  /** It works, or only for some, or at a cost. */
  | "warning"
  /** People cannot use Alcove with this. */
  | "fault"
  /** Could not be looked at, or makes no difference; says why. */
  | "unseen";

export type Finding = {
  readonly level: Level;
  /** For programs: stays the same where words change. */
  readonly id: string;
  readonly words: string;
  /** Where this is what people meet: what the page says of it (`failureText`). */
  readonly failure?: Failure;
  /** Likewise, where the page says it of an account that is signed in. */
  readonly notice?: TextKey;
  /** The name that the cure is about, where it is not the domain. */
  readonly host?: string;
  /** What the server's owner can do. */
  readonly cure?: CureId;
};

export type Group = { readonly title: string; readonly findings: readonly Finding[] };

type More = Pick<Finding, "failure" | "notice" | "cure" | "host">;

export function ok(id: string, words: string): Finding {
  return { level: "ok", id, words };
}

export function unseen(id: string, words: string, more: More = {}): Finding {
  return { level: "unseen", id, words, ...more };
}

export function warning(id: string, words: string, more: More = {}): Finding {
  return { level: "warning", id, words, ...more };
}

export function fault(id: string, words: string, more: More = {}): Finding {
  return { level: "fault", id, words, ...more };
}

/** What matters only as long as there is no other way in. */
export function unless(reached: boolean, id: string, words: string, more: More = {}): Finding {
  return { level: reached ? "warning" : "fault", id, words, ...more };
}

export function countOf(groups: readonly Group[], level: Level): number {
  return groups.flatMap(({ findings }) => findings).filter((finding) => finding.level === level).length;
}
