/** Names of messages are anybody's to give: one for all of them, or for none that is there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import type { MessageEvent } from "../ingest/stanza-event.ts";
import { storesOf } from "../testing/stores.ts";
import { memoryStorage } from "../testing/sql-storage.ts";

const ME = "me@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;

/** Counts the rows that are read. */
function scene() {
  const storage = memoryStorage();
  const { exec } = storage.sql;
  let read = 0;
  storage.sql.exec = ((...query: Parameters<typeof exec>) => {
    const cursor = exec.apply(storage.sql, query);
    return new Proxy(cursor, {
      get: (of, name) => {
        if (name === "toArray") {
          return () => {
            const rows = of.toArray();
            read += rows.length;
            return rows;
          };
        }
        if (name !== Symbol.iterator) return Reflect.get(of, name).bind(of);
        return function* rows() {
          for (const row of of) {
            read += 1;
            yield row;
          }
        };
      },
    });
  }) as typeof exec;
  const stores = storesOf(ME, storage, () => undefined);
  const readBy = (act: () => unknown) => {
    read = 0;
    act();
    return read;
  };
  return { stores, readBy };
}

const said = (sender: BareJid, originId: string, text: string): MessageEvent => ({
  ...{ kind: "message", chat: BOB, sender, outgoing: sender === ME, at: 1_000, originId },
  content: { kind: "clear", text },
});

test("whoever gives all of their messages one id has each of them taken in, and told again, at the same price", () => {
  const { stores, readBy } = scene();
  for (let n = 0; n < 500; n += 1) assert.ok(stores.log.message(said(BOB, "x", `text ${n}`)).fresh);
  assert.equal(stores.log.message(said(BOB, "x", "text 499")).fresh, false);
  const price = readBy(() => stores.log.message(said(BOB, "x", "one more")));
  assert.ok(price <= 200, `${price} rows are read`);
});

test("a marker looks at a bounded number of messages that other clients of the account have sent", () => {
  const { stores, readBy } = scene();
  for (let n = 0; n < 2_000; n += 1) stores.log.message(said(ME, `x${n}`, "a text"));
  const { position } = stores.log;
  const price = readBy(() => stores.markers.ownBefore(ME, BOB, position, "read"));
  assert.ok(price > 0 && price <= 600, `${price} rows are read`);
});
