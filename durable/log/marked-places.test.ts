import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, Position } from "../../worker/contract/names.ts";
import { memoryStorage } from "../testing/sql-storage.ts";
import { Markers } from "./markers.ts";

const alice = "alice@a.example" as BareJid;
const bob = "bob@b.example" as BareJid;

/** The plan of each query about entries that `look` makes, a line a step. */
function plansOf(look: (markers: Markers) => unknown): readonly (readonly string[])[] {
  const { sql } = memoryStorage();
  const asked: { readonly query: string; readonly bindings: readonly SqlStorageValue[] }[] = [];
  const noting = {
    exec: (query: string, ...bindings: SqlStorageValue[]) => {
      asked.push({ query, bindings });
      return sql.exec(query, ...bindings);
    },
  } as SqlStorage;
  look(new Markers(noting));
  return asked.map(({ query, bindings }) =>
    sql
      .exec(`explain query plan ${query}`, ...bindings)
      .toArray()
      .map(({ detail }) => String(detail)),
  );
}

const place = 7 as Position;
const looks: Readonly<Record<string, (markers: Markers) => unknown>> = {
  "own messages before one": (markers) => markers.ownBefore(alice, bob, place, "read"),
  "a message by the id that a marker names": (markers) => markers.marked(bob, "some-id"),
  "a message by its id in an archive": (markers) => markers.archived(alice, "some-id"),
  "the newest that an archive keeps": (markers) => markers.newestArchived(bob, place),
};

for (const [what, look] of Object.entries(looks)) {
  test(`${what}: looked up by its place or name, no marker walks the log`, () => {
    const plans = plansOf(look);
    assert.ok(plans.length > 0);
    for (const plan of plans) {
      const ofEntries = plan.filter((step) => /\bentries\b/.test(step));
      assert.ok(ofEntries.length > 0, plan.join("\n"));
      for (const step of ofEntries)
        assert.match(
          step,
          /^SEARCH entries USING INDEX entries_by_\w+ \(chat=|^SEARCH entries USING (?:COVERING )?INDEX entries_by_(?:origin|archive)/,
        );
      assert.ok(!plan.some((step) => step.includes("TEMP B-TREE")), `nothing is sorted: ${plan.join("\n")}`);
    }
  });
}
