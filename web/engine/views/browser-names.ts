/** What browsers and devices are called: nobody can tell two of the same name apart. */
import type { BrowserId } from "../../../worker/contract/names.ts";
import type { BrowserInfo } from "../../../worker/contract/state.ts";
import { shownName } from "../../words/names.ts";

/**
 * By id. As each calls itself, or as the person has called it; anybody who has the password may have chosen the name. The
 * second of a name gets a number, in the order in which they came, which is the same in all of them.
 */
export function browserNames(browsers: readonly BrowserInfo[]): ReadonlyMap<BrowserId, string> {
  const came = browsers.toSorted((a, b) => a.firstSeen - b.firstSeen || (a.id < b.id ? -1 : 1));
  const taken = new Set<string>();
  const names = new Map<BrowserId, string>();
  for (const { id, name } of came) {
    const shown = shownName(name, id);
    let called = shown;
    for (let number = 2; taken.has(called.toLocaleLowerCase()); number += 1) called = `${shown} ${number}`;
    taken.add(called.toLocaleLowerCase());
    names.set(id, called);
  }
  return names;
}
