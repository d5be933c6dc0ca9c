/** A browser's database as it lies on the disk, and whether what is in it can have been written by whole transactions. */
import type { Page } from "puppeteer-core";
import type { BareJid } from "../../worker/contract/names.ts";

/** Rows of `web/engine/store/schema.ts`, as much of them as is judged. All of one moment. */
export type Stored = {
  readonly device: number | undefined;
  readonly cursor: { readonly epoch: string; readonly seq: number } | undefined;
  readonly generation: number;
  /** The last number that was given to a message. */
  readonly numbered: number;
  /** The database takes itself for one that was rolled back. */
  readonly behind: boolean;
  readonly messages: readonly StoredMessage[];
  readonly outbox: readonly StoredSending[];
  /** Addresses (`jid.device`). */
  readonly sessions: readonly string[];
  readonly pins: readonly string[];
  /** Keys of the last messages of the conversations. */
  readonly last: readonly string[];
};

type StoredMessage = {
  readonly key: string;
  readonly id?: string | undefined;
  readonly archiveKey?: string | undefined;
  readonly cipherKey?: string | undefined;
  readonly originKey?: string | undefined;
  readonly outgoing: boolean;
  readonly state?: string | undefined;
};

type StoredSending = {
  readonly client: string;
  readonly purpose: string;
  readonly stage: string;
  readonly number?: number | undefined;
  /** Its bytes are final. */
  readonly sealed: boolean;
};

/** What must be in it, whatever happened: all of it had been told to somebody before the kill. */
export type Promised = {
  readonly device: number;
  readonly epoch: string;
  /** Up to here the object was told that everything is stored. */
  readonly acknowledged: number;
  /** Ids of the messages that stand in the log up to there. */
  readonly received: readonly string[];
  /** The last number that the object accepted. */
  readonly accepted: number;
  /** Texts that the engine said it had taken, by their client ids. */
  readonly taken: readonly string[];
  /** Of an earlier look. */
  readonly generation: number;
};

const NAMES = ["id", "archiveKey", "cipherKey", "originKey"] as const;

/** Findings in words; none: the database is whole, and holds what was promised. */
export function judgeDatabase(stored: Stored | undefined, promised: Promised): readonly string[] {
  if (stored === undefined) return ["there is no database"];
  return [...missing(stored, promised), ...doubled(stored), ...torn(stored)];
}

function missing(stored: Stored, promised: Promised): readonly string[] {
  const { cursor, messages } = stored;
  const ids = new Set(messages.map(({ id }) => id));
  const keys = new Set(messages.map(({ key }) => key));
  return [
    ...when(stored.device !== promised.device, `device ${stored.device} in place of ${promised.device}`),
    ...when(cursor?.epoch !== promised.epoch, `a cursor of epoch ${cursor?.epoch} in place of ${promised.epoch}`),
    ...when((cursor?.seq ?? 0) < promised.acknowledged, `cursor ${cursor?.seq}, acknowledged ${promised.acknowledged}`),
    ...when(stored.numbered < promised.accepted, `number ${stored.numbered}, accepted ${promised.accepted}`),
    ...when(stored.generation <= promised.generation, `generation ${stored.generation} after ${promised.generation}`),
    ...when(stored.behind, "takes itself for one that was rolled back"),
    ...promised.received.filter((id) => !ids.has(id)).map((id) => `acknowledged, and not there: ${id}`),
    ...promised.taken.filter((client) => !keys.has(client)).map((client) => `taken, and not there: ${client}`),
  ];
}

/** One message is one row, by whatever name it is found. */
function doubled({ messages }: Stored): readonly string[] {
  return NAMES.flatMap((name) => {
    const seen = new Set<string>();
    return messages.flatMap((row) => {
      const value = row[name];
      if (value === undefined) return [];
      if (seen.has(value)) return [`two messages with ${name} ${value}`];
      seen.add(value);
      return [];
    });
  });
}

/** What is written in one transaction is there together or not at all. */
function torn({ messages, outbox, numbered, sessions, pins, last }: Stored): readonly string[] {
  const keys = new Set(messages.map(({ key }) => key));
  const waiting = new Set(outbox.map(({ client }) => client));
  const pinned = new Set(pins);
  const numbers = outbox.flatMap(({ number }) => number ?? []);
  return [
    ...outbox.flatMap(({ client, purpose, stage, number, sealed }) => [
      ...when(purpose === "text" && !keys.has(client), `in the outbox without its text: ${client}`),
      ...when(stage === "waiting" && (sealed || number !== undefined), `sealed and still waiting: ${client}`),
      ...when(
        (stage === "finished" || stage === "accepted") && (!sealed || number === undefined),
        `${stage} without ${sealed ? "number" : "bytes"}: ${client}`,
      ),
      ...when(number !== undefined && number > numbered, `number ${number} was never given: ${client}`),
    ]),
    ...when(new Set(numbers).size < numbers.length, `a number was given twice: ${numbers.join(" ")}`),
    ...messages
      .filter(({ key, id, outgoing, state }) => outgoing && id === undefined && state !== "failed" && !waiting.has(key))
      .map(({ key }) => `a text that nothing will send: ${key}`),
    ...sessions.filter((address) => !pinned.has(address)).map((address) => `a session without a pin: ${address}`),
    ...last.filter((key) => !keys.has(key)).map((key) => `a conversation ends with what is not there: ${key}`),
  ];
}

function when(condition: boolean, says: string): readonly string[] {
  return condition ? [says] : [];
}

/** How many messages wait to be accepted, or for the server to confirm them. */
export function countUnsent(page: Page, account: BareJid): Promise<number> {
  return page.evaluate(
    (name) =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.addEventListener("error", () => reject(opening.error ?? new Error("not opened")));
        opening.addEventListener("success", () => {
          const database = opening.result;
          const counting = database.transaction("outbox").objectStore("outbox").count();
          counting.addEventListener("success", () => resolve(counting.result));
          database.close();
        });
      }),
    `alcove:${account}`,
  );
}

/** Reads it through a connection of its own beside the engine's. Undefined: the browser has none of this account. */
export function readDatabase(page: Page, account: BareJid): Promise<Stored | undefined> {
  return page.evaluate(async (name) => {
    const all = await indexedDB.databases();
    if (!all.some((one) => one.name === name)) return undefined;
    const opened = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(request.error ?? new Error("not opened")));
      });
    const database = await opened(indexedDB.open(name));
    try {
      type Row = Readonly<Record<string, unknown>>;
      const stores = ["identity", "meta", "messages", "outbox", "sessions", "pins", "chats"] as const;
      const transaction = database.transaction(stores);
      const read = async (store: string) =>
        [store, await opened(transaction.objectStore(store).getAll() as IDBRequest<Row[]>)] as const;
      const rows = new Map<string, Row[]>(await Promise.all(stores.map(read)));
      const of = (store: (typeof stores)[number]) => rows.get(store) ?? [];
      const meta = (wanted: string) => of("meta").find((row) => row["name"] === wanted);
      return {
        device: of("identity")[0]?.["device"] as number | undefined,
        cursor: meta("cursor") as Stored["cursor"],
        generation: Number(meta("generation")?.["value"] ?? 0),
        numbered: Number(meta("numbers")?.["last"] ?? 0),
        behind: meta("behind") !== undefined,
        messages: of("messages").map(({ key, id, archiveKey, cipherKey, originKey, outgoing, state }) => ({
          ...{ key, id, archiveKey, cipherKey, originKey, outgoing, state },
        })) as unknown as readonly StoredMessage[],
        outbox: of("outbox").map(({ client, purpose, stage, number, content }) => ({
          ...{ client, purpose, stage, number },
          sealed: content !== undefined,
        })) as unknown as readonly StoredSending[],
        sessions: of("sessions").map(({ address }) => String(address)),
        pins: of("pins").map(({ address }) => String(address)),
        last: of("chats").flatMap((row) => (row["last"] as { readonly key: string } | undefined)?.key ?? []),
      };
    } finally {
      database.close();
    }
  }, `alcove:${account}`);
}
