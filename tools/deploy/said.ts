/** How a step of the command ends: with what it was for, or with words that say why not and what helps. */

export type Said<T> = { readonly kind: "so"; readonly value: T } | Refusal;
export type Refusal = { readonly kind: "refuse"; readonly words: string };

export function so<T>(value: T): Said<T> {
  return { kind: "so", value };
}

export function refuse(words: string): Refusal {
  return { kind: "refuse", words };
}
