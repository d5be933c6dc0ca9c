/** Whether two objects have the same fields with the very same values. What they hold is not looked into. */
export function alike<T extends object>(one: T, other: T): boolean {
  if (one === other) return true;
  const names = Object.keys(one) as (keyof T)[];
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
