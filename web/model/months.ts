/** What was said, by the months in which it was. */
import type { Time } from "../../worker/contract/names.ts";
import { monthText } from "./format.ts";

export type Month<Item> = { readonly month: string; readonly items: readonly Item[] };

/** Neighbours of one month together, in the order in which they are given. */
export function monthsOf<Item extends { readonly at: Time }>(items: readonly Item[]): readonly Month<Item>[] {
  const months: { month: string; items: Item[] }[] = [];
  for (const item of items) {
    const month = monthText(item.at);
    const last = months.at(-1);
    if (last?.month === month) last.items.push(item);
    else months.push({ month, items: [item] });
  }
  return months;
}
