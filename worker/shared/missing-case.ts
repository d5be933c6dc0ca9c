/** Stands in the `default` of a `switch` over a union: a new member becomes a compile error there. @throws when reached */
export function missingCase(value: never): never {
  throw new TypeError(`missing case: ${typeof value === "object" ? Object.keys(value ?? {}).join() : String(value)}`);
}
