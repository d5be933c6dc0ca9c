import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStorage } from "../testing/sql-storage.ts";

const QUERIES = [
  "select id, progress from entries where chat = ? and sender = ? and kind = 'message' and position < ? order by position desc",
  "select chat from entries where chat = ? and kind = 'message' and position is not null order by position desc limit 9",
  `select archive_id from entries where chat = ? and position <= ? and archive_id is not null
   order by position desc limit 1`,
];

test("what a marker names is looked up by its place: no marker walks the log", () => {
  const { sql } = memoryStorage();
  for (const query of QUERIES) {
    const bindings = Array.from(query.matchAll(/\?/g), () => 1);
    const plan = sql.exec(`explain query plan ${query}`, ...bindings).toArray();
    assert.match(String(plan[0]?.["detail"]), /^SEARCH entries USING INDEX entries_by_place/);
    assert.equal(plan.length, 1, "nothing is sorted");
  }
});
