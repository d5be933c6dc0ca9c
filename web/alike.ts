/** Whether two objects have the same fields with the very same values. What they hold is not looked into. */
export function alike<T extends object>(one: T, other: T): boolean {
  if (one === other) return true;
  const names = Object.keys(one) as (keyof T)[];
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

/** Whether two values that came through `structuredClone` say the same, however deep. */
export function equal(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const [left, right] = [one, other] as readonly Readonly<Record<string, unknown>>[];
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => equal(left?.[name], right?.[name]));
}
