/** Everything that is kept of an account, row by row, for its operator; not what anybody could sign in with. */
import type { ExportedRow, ExportPage, ExportPlace } from "../../worker/contract/operator.ts";
import { toBase64 } from "../../worker/shared/base64.ts";

/** Bytes of JSON after which a page ends; the row that passes it is its last. */
const PAGE_BYTES = 512 * 1024;
const ROWS_AT_ONCE = 100;

/** What signs in: to the XMPP server, to this object, to a stream that waits for being resumed; and what wakes the account. */
const META_LEFT_OUT = ["credentials", "sealing-key", "user-agent", "server-push"];
const COLUMNS_LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  browsers: ["secret_hash", "wrapped_key", "renewal"],
  stream: ["sm_id"],
  push_targets: ["endpoint", "key", "auth", "topic"],
  sealed_copy: ["token_hash"],
};

type Row = Record<string, SqlStorageValue>;

/** A page, from behind `from` on. What is written meanwhile is in it or not; nothing that stays is missing or there twice. */
export function exportPage(sql: SqlStorage, from: ExportPlace | undefined): ExportPage {
  const rows: ExportedRow[] = [];
  let bytes = 0;
  for (const table of tablesOf(sql)) {
    if (from && table < from.table) continue;
    let after = from?.table === table ? from.after : undefined;
    for (let read = rowsBehind(sql, table, after); read.length > 0; read = rowsBehind(sql, table, after)) {
      for (const { row, place } of read) {
        after = place;
        if (table === "meta" && META_LEFT_OUT.some((key) => key === row["key"])) continue;
        const exported = { table, row: shown(table, row) };
        rows.push(exported);
        bytes += JSON.stringify(exported).length;
        if (bytes >= PAGE_BYTES) return { rows, next: { table, after } };
      }
    }
  }
  return { rows };
}

/** In the order of their names; the platform's own begin with `_cf_`. */
function tablesOf(sql: SqlStorage): readonly string[] {
  const tables = sql.exec<{ name: string }>("select name from sqlite_master where type = 'table' order by name");
  return tables
    .toArray()
    .map(({ name }) => name)
    .filter((name) => !/^(?:_cf_|sqlite_)/.test(name));
}

type Read = { readonly row: Row; readonly place: readonly (string | number)[] };

/** By the table's primary key, so that rows which come or go meanwhile move no other. */
function rowsBehind(sql: SqlStorage, table: string, after: ExportPlace["after"] | undefined): readonly Read[] {
  const columns = sql.exec<{ name: string; pk: number }>(`pragma table_info("${table}")`).toArray();
  const keys = columns
    .filter(({ pk }) => pk > 0)
    .sort((a, b) => a.pk - b.pk)
    .map(({ name }) => name);
  const names = keys.map((name) => `"${name}"`).join(", ");
  const behind = after === undefined ? "" : `where (${names}) > (${keys.map(() => "?").join(", ")})`;
  const rows = sql.exec<Row>(
    `select * from "${table}" ${behind} order by ${names} limit ${ROWS_AT_ONCE}`,
    ...(after ?? []),
  );
  return rows.toArray().map((row) => ({ row, place: keys.map((name) => row[name] as string | number) }));
}

function shown(table: string, row: Row): ExportedRow["row"] {
  const leftOut = COLUMNS_LEFT_OUT[table] ?? [];
  const kept = Object.entries(row).filter(([name]) => !leftOut.includes(name));
  return Object.fromEntries(
    kept.map(([name, value]) => [name, value instanceof ArrayBuffer ? { base64: toBase64(value) } : value]),
  );
}
