/** Ends a `switch` over a union: a case without an answer does not compile. */
export function missingCase(value: never): never {
  throw new Error(`no case for ${typeof value === "object" ? Object.keys(value ?? {}).join() : String(value)}`);
}
