/** All that is kept of one account, as lines of JSON: what it is, each row, and how many there were. */
import type { BareJid } from "../../worker/contract/names.ts";
import type { ExportPlace } from "../../worker/contract/operator.ts";
import { type Said, so } from "../deploy/said.ts";
import type { Operator } from "./operator.ts";

/** The last line tells that it is whole: `{"end":true,"rows":…}`. Ends behind a refusal. */
export async function* exportedLines(operator: Operator, address: BareJid): AsyncGenerator<Said<string>> {
  const overview = await operator.ask("overview", { address });
  if (overview.kind === "refuse") return yield overview;
  yield so(JSON.stringify({ export: "alcove 1", at: new Date().toISOString(), ...overview.value }));
  let rows = 0;
  let from: ExportPlace | undefined;
  do {
    const page = await operator.ask("export", { address, ...(from && { from }) });
    if (page.kind === "refuse") return yield page;
    rows += page.value.rows.length;
    for (const row of page.value.rows) yield so(JSON.stringify(row));
    from = page.value.next;
  } while (from !== undefined);
  yield so(JSON.stringify({ end: true, rows }));
}
