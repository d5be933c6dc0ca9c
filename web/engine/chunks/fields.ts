/**
 * Reading JSON that somebody else wrote: only what is asked for by name, only what an object has of its own, nothing longer or
 * larger than it may be. What does not fit is not there.
 */

export type Fields = { readonly [name: string]: unknown };

export function fieldsIn(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** Of at most so many UTF-16 code units. */
export function textIn(fields: Fields, name: string, most: number): string | undefined {
  const value = own(fields, name);
  return typeof value === "string" && value.length <= most ? value : undefined;
}

export function numberIn(fields: Fields, name: string, least: number, most: number): number | undefined {
  const value = own(fields, name);
  return typeof value === "number" && value >= least && value <= most ? value : undefined;
}

export function isSet(fields: Fields, name: string): boolean {
  return own(fields, name) === 1;
}

/** A list of at most so many, each as `read` makes of it; undefined as soon as one of them does not fit. */
export function listIn<T>(
  fields: Fields,
  name: string,
  most: number,
  read: (item: unknown) => T | undefined,
): readonly T[] | undefined {
  const value = own(fields, name);
  if (!Array.isArray(value) || value.length > most) return undefined;
  const items: T[] = [];
  for (const item of value as readonly unknown[]) {
    const made = read(item);
    if (made === undefined) return undefined;
    items.push(made);
  }
  return items;
}

export function fieldsOf(fields: Fields, name: string): Fields | undefined {
  return fieldsIn(own(fields, name));
}

export function has(fields: Fields, name: string): boolean {
  return own(fields, name) !== undefined;
}
