/** What a person alone calls conversations. */
import type { Choice } from "../../../worker/contract/choices.ts";
import type { Result } from "../../../worker/contract/failures.ts";
import type { Sealed } from "./sealed.ts";

/** Kept here at once, sealed for the other own browsers soon. Fails with `malformed` where anything else is among it. */
export async function nameChats(sealed: Sealed, choices: readonly Choice[]): Promise<Result<{ readonly done: true }>> {
  const names = choices.flatMap(({ chat, name, value }) =>
    chat !== undefined && name === "name" && typeof value !== "number" && typeof value !== "boolean"
      ? [{ chat, ownName: value }]
      : [],
  );
  if (names.length < choices.length) return { ok: false, error: { kind: "malformed" } };
  for (const { chat, ownName } of names) await sealed.changed(chat, "name", { ownName });
  return { ok: true, value: { done: true } };
}
