/**
 * What somebody waits for whose computer is four times slower, and what the page takes of it: the budgets of the screens,
 * part by part.
 */
import type { Stack } from "../../stack.ts";
import type { Account } from "../../xmpp-server/accounts.ts";
import { table } from "../samples.ts";
import { type Rows, SLOWER } from "./budget.ts";
import { measureContacts } from "./contacts.ts";
import { measureHistory } from "./history.ts";
import { measureOccupants } from "./occupants.ts";
import { measureStarts } from "./starts.ts";
import { measureWaiting } from "./waiting.ts";

const PARTS: Readonly<Record<string, (stack: Stack, other: Account) => Promise<Rows>>> = {
  open: measureWaiting,
  starts: measureStarts,
  contacts: measureContacts,
  room: measureOccupants,
  history: measureHistory,
};

/** Prints the table. `other`: a second contact of alice's. `only`: names of parts; none: all of them. Throws where there is no such part. */
export async function measureUi(stack: Stack, other: Account, only: readonly string[]): Promise<string> {
  const names = only.length === 0 ? Object.keys(PARTS) : only;
  const rows: (readonly string[])[] = [["", "median", "95 %", "goal", ""]];
  for (const name of names) {
    const measure = PARTS[name];
    if (measure === undefined) throw new Error(`The screens have ${Object.keys(PARTS).join(", ")}, and no ${name}`);
    rows.push(...(await measure(stack, other)));
  }
  return [`The page's processor ${SLOWER} times slower, but for scrolling and memory.`, table(rows)].join("\n");
}
