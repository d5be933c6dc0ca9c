/** How a database of an earlier version becomes one of today. A migration is appended, never edited. */
import type { MessageLookup } from "./conversation-rows.ts";
import { KEY_PATHS, STORE_NAMES } from "./schema.ts";
import { FILLED } from "./sheet-lines.ts";

const LOOKUPS: readonly MessageLookup[] = ["id", "archiveKey", "cipherKey", "originKey", "retryKey"];

/** Applied in order, from the version that is there. The first makes every store that is known today, so later ones look. */
export const MIGRATIONS: readonly ((database: IDBDatabase, transaction: IDBTransaction) => void)[] = [
  (database) => {
    for (const name of STORE_NAMES) {
      const store = database.createObjectStore(name, { keyPath: KEY_PATHS[name] });
      if (name === "pins") store.createIndex("jid", "jid");
      if (name === "sessions") store.createIndex("owed", "owed");
      if (name === "preKeys") store.createIndex("used", "used");
      if (name !== "messages") continue;
      store.createIndex("timeline", ["chat", "hidden", "position"]);
      store.createIndex("unread", ["chat", "counted", "position"]);
      for (const lookup of LOOKUPS) store.createIndex(lookup, lookup);
    }
  },
  (database) => {
    if (!database.objectStoreNames.contains("gaps")) database.createObjectStore("gaps", { keyPath: KEY_PATHS.gaps });
  },
  // The same stores: their private keys are handles, which `omemo/adopt-keys.ts` makes of the bytes once the database is
  // open. The version keeps older code, which knows nothing of handles, away from them.
  () => undefined,
  (database) => {
    if (!database.objectStoreNames.contains("rooms")) database.createObjectStore("rooms", { keyPath: KEY_PATHS.rooms });
  },
  // Whom this browser knew before it took note of whom it had written to counts as written to: a device that comes now is
  // a newcomer (S3).
  (_, transaction) => {
    const walk = transaction.objectStore("pins").openCursor();
    walk.onsuccess = () => {
      walk.result?.update({ ...walk.result.value, writtenTo: true });
      walk.result?.continue();
    };
  },
  (database) => {
    if (!database.objectStoreNames.contains("acts")) database.createObjectStore("acts", { keyPath: KEY_PATHS.acts });
  },
  // Sheets are made of what is here once the database is open (`fill-sheets.ts`); a new one has nothing to be filled with.
  (database, transaction) => {
    if (!database.objectStoreNames.contains("choices"))
      database.createObjectStore("choices", { keyPath: KEY_PATHS.choices });
    const sheets = database.objectStoreNames.contains("sheets")
      ? transaction.objectStore("sheets")
      : database.createObjectStore("sheets", { keyPath: KEY_PATHS.sheets });
    sheets.createIndex("change", "change");
    const count = transaction.objectStore("messages").count();
    count.onsuccess = () => {
      if (count.result === 0) transaction.objectStore("meta").put({ name: "sheets", filledTo: FILLED });
    };
  },
  // Corrections of before are known by nothing any more.
  (_, transaction) => {
    transaction.objectStore("messages").createIndex("corrections", "corrections", { multiEntry: true });
  },
  (database) => {
    if (!database.objectStoreNames.contains("copies"))
      database.createObjectStore("copies", { keyPath: KEY_PATHS.copies });
  },
];

export const SCHEMA_VERSION = MIGRATIONS.length;
