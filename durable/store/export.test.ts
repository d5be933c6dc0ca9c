import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExportedRow, ExportPlace } from "../../worker/contract/operator.ts";
import { memoryStorage } from "../testing/sql-storage.ts";
import { exportPage } from "./export.ts";

function exported(sql: SqlStorage, between: () => void = () => undefined): readonly ExportedRow[] {
  const rows: ExportedRow[] = [];
  let from: ExportPlace | undefined;
  do {
    const page = exportPage(sql, from);
    rows.push(...page.rows);
    from = page.next;
    between();
  } while (from !== undefined);
  return rows;
}

/** More than one page, in a table with a key of two columns. */
function crowded() {
  const storage = memoryStorage();
  const columns = storage.sql.exec<{ name: string }>("pragma table_info(presence)").toArray();
  assert.deepEqual(
    columns.slice(0, 2).map(({ name }) => name),
    ["jid", "resource"],
  );
  const text = "x".repeat(10_000);
  for (let n = 0; n < 150; n += 1)
    storage.sql.exec("insert into meta (key, value) values (?, ?)", `note-${String(n).padStart(3, "0")}`, text);
  return storage;
}

test("D13: an export has every row once, over as many pages as it needs", () => {
  const rows = exported(crowded().sql);
  const notes = rows.filter(({ table, row }) => table === "meta" && String(row["key"]).startsWith("note-"));
  assert.equal(notes.length, 150);
  assert.equal(new Set(notes.map(({ row }) => row["key"])).size, 150);
  assert.ok(exportPage(crowded().sql, undefined).next, "it was more than one page");
});

test("D13: rows that come and go between two pages move no other", () => {
  const storage = crowded();
  const rows = exported(storage.sql, () => {
    storage.sql.exec("delete from meta where key = ?", "note-000");
    storage.sql.exec("insert or replace into meta (key, value) values (?, ?)", "aaa", "1");
  });
  const keys = rows.filter(({ table }) => table === "meta").map(({ row }) => row["key"]);
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(keys.filter((key) => String(key).startsWith("note-")).length, 150);
});

test("D13: what anybody could sign in with is in no export", () => {
  const storage = memoryStorage();
  const { sql } = storage;
  const canary = "CANARY-OF-WHAT-SIGNS-IN";
  for (const key of ["credentials", "sealing-key", "user-agent"])
    sql.exec("insert into meta (key, value) values (?, ?)", key, JSON.stringify(canary));
  sql.exec(
    `insert into browsers (id, name, kind, secret_hash, public_key, wrapped_key, renewal, first_seen, last_seen, secret_at)
     values ('b', 'Firefox', 'computer', ?, 'p', ?, ?, 1, 1, 1)`,
    canary,
    canary,
    canary,
  );
  const rows = exported(sql);
  assert.equal(rows.filter(({ table }) => table === "browsers").length, 1);
  assert.ok(!JSON.stringify(rows).includes(canary));
});

test("D13: a new column that sounds like a secret is looked at before it is exported", () => {
  const { sql } = memoryStorage();
  const tables = sql.exec<{ name: string }>("select name from sqlite_master where type = 'table'").toArray();
  const suspicious = tables.flatMap(({ name }) =>
    sql
      .exec<{ name: string }>(`pragma table_info("${name}")`)
      .toArray()
      .map((column) => `${name}.${column.name}`)
      .filter((column) => /secret|key|token|password|renewal|sm_id|credential/.test(column)),
  );
  assert.deepEqual(suspicious.sort(), [
    "browsers.public_key",
    "browsers.renewal",
    "browsers.secret_at",
    "browsers.secret_hash",
    "browsers.signing_key",
    "browsers.wrapped_key",
    "meta.key",
    "push_targets.key",
    "sealed_copy.passkey",
    "sealed_copy.token_hash",
    "stream.sm_id",
  ]);
});
