/** What the browser must bring along. Keys and texts live in it, so there is no smaller version without these. */
export type Ability = "secure-context" | "storage" | "workers" | "kept-keys";

/** The first thing that is missing; undefined when Alcove can run. The engine checks its ciphers itself. */
export function missingAbility(): Ability | undefined {
  if (!isSecureContext) return "secure-context";
  if (!("indexedDB" in globalThis) || !("locks" in navigator)) return "storage";
  return "Worker" in globalThis && "HTMLDialogElement" in globalThis ? undefined : "workers";
}
