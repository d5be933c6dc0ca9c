/**
 * Files on their way to others, in a database of their own for each account: what is to be said of each, and its bytes as they
 * travel, until its message is with the engine: on the private disk (`store/private-disk.ts`), or as pieces in the database. So a page that goes, or is killed, loses none: whoever comes next goes on. An
 * encrypted file is encrypted once: its key is for these bytes alone, and they are put again as they are.
 */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid, ClientId } from "../../../worker/contract/names.ts";
import type { FileKey } from "../../media/aesgcm.ts";
import { type KeptUpload, type NewUpload, type PutFile, UPLOADS, type VoiceName } from "../protocol/files.ts";
import { type Folder, type NewFile, sentFolder } from "../store/private-disk.ts";

const VERSION = 1;

/** `bytes`: of what travels, once all of it is here. `key`: of an encrypted one. */
type Row = NewUpload & {
  readonly order: number;
  readonly bytes?: number;
  readonly key?: FileKey;
  readonly put?: PutFile;
  readonly failure?: Failure;
};

interface UploadSchema extends DBSchema {
  uploads: { key: string; value: Row };
  pieces: { key: [client: string, at: number]; value: Blob };
}

const STRICT = { durability: "strict" } as const;
/** Before the name of a recording: its pieces are nobody's upload yet. */
const VOICE = "voice ";

export class KeptUploads {
  readonly #account: BareJid;
  readonly #database: IDBPDatabase<UploadSchema>;
  #folder: Promise<Folder | undefined> | undefined;

  private constructor(account: BareJid, database: IDBPDatabase<UploadSchema>) {
    this.#account = account;
    this.#database = database;
  }

  /** Undefined: this browser has no private disk. */
  #files(): Promise<Folder | undefined> {
    this.#folder ??= sentFolder(this.#account);
    return this.#folder;
  }

  /** Those of an account, until `close`; an erasing closes them. @throws where nothing is kept */
  static async open(account: BareJid): Promise<KeptUploads> {
    const database = await openDB<UploadSchema>(UPLOADS + account, VERSION, {
      upgrade(fresh) {
        fresh.createObjectStore("uploads", { keyPath: "client" });
        fresh.createObjectStore("pieces");
      },
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return new KeptUploads(account, database);
  }

  /** Does a job with them, and lets them go. */
  static async with<T>(account: BareJid, job: (uploads: KeptUploads) => Promise<T>): Promise<T> {
    const uploads = await KeptUploads.open(account);
    try {
      return await job(uploads);
    } finally {
      uploads.close();
    }
  }

  close(): void {
    this.#database.close();
  }

  /** In the order in which they were begun. */
  async all(): Promise<readonly KeptUpload[]> {
    const files = await this.#files();
    // First: one that is begun after that is known below.
    const names = (await files?.names()) ?? [];
    const transaction = this.#database.transaction(["uploads", "pieces"], "readwrite");
    const [rows, pieces] = [
      await transaction.objectStore("uploads").getAll(),
      await transaction.objectStore("pieces").getAllKeys(),
    ];
    const known = new Set<string>(rows.map(({ client }) => client));
    // Of one that was dropped while its bytes came.
    const orphans = pieces.filter(([client]) => !known.has(client) && !client.startsWith(VOICE));
    await Promise.all([...orphans.map((key) => transaction.objectStore("pieces").delete(key)), transaction.done]);
    await Promise.all(names.filter((name) => !known.has(name)).map(async (name) => files?.drop(name)));
    return rows.toSorted((a, b) => a.order - b.order).map(shown);
  }

  /** It is known from now on, without any bytes: where it was known before, it keeps its place alone, and has words only where it has them still. */
  async begin(upload: NewUpload): Promise<void> {
    const { client } = upload;
    const transaction = this.#database.transaction(["uploads", "pieces"], "readwrite", STRICT);
    const uploads = transaction.objectStore("uploads");
    const rows = await uploads.getAll();
    const before = rows.find((row) => row.client === client);
    const order = before?.order ?? 1 + Math.max(0, ...rows.map((row) => row.order));
    // Words that were taken off while it waited for its turn do not come back.
    const { caption, ...wordless } = upload;
    const words = caption === undefined || (before !== undefined && before.caption === undefined) ? {} : { caption };
    await Promise.all([
      uploads.put({ ...wordless, ...words, order }),
      transaction.objectStore("pieces").delete(piecesOf(client)),
      transaction.done,
    ]);
    await (await this.#files())?.drop(client);
  }

  /** Where its bytes are written; undefined: nowhere but here, by `add`. */
  async file(client: ClientId): Promise<NewFile | undefined> {
    return (await this.#files())?.create(client);
  }

  /** The next of its bytes; `at`: behind which others. */
  async add(client: ClientId, at: number, piece: Blob): Promise<void> {
    await this.#database.put("pieces", piece, [client, at]);
  }

  /** The same bytes as they lie on the disk, under no name. What a page leaves there that was killed, `all` takes away. */
  async passThrough(piece: Blob): Promise<Blob> {
    const key: [string, number] = [`passing ${crypto.randomUUID()}`, 0];
    await this.#database.put("pieces", piece, key);
    const passed = await this.#database.get("pieces", key);
    await this.#database.delete("pieces", key);
    return passed ?? piece;
  }

  /**
   * The next piece of a recording; `at`: behind which others. @throws `file: not-kept` where the one before it is not here any more: the
   * account was erased meanwhile, and nothing of it comes back
   */
  async say(voice: VoiceName, at: number, piece: Blob): Promise<void> {
    const { store, done } = this.#database.transaction("pieces", "readwrite");
    const before = at === 0 || (await store.getKey([VOICE + voice, at - 1])) !== undefined;
    if (before) await store.put(piece, [VOICE + voice, at]);
    await done;
    if (!before) throw { kind: "file", detail: "not-kept" } satisfies Failure;
  }

  /** Undefined: there is nothing of it. */
  async heard(voice: VoiceName): Promise<Blob | undefined> {
    const pieces = await this.#database.getAll("pieces", piecesOf(VOICE + voice));
    return pieces.length === 0 ? undefined : new Blob(pieces);
  }

  async unsay(voice: VoiceName): Promise<void> {
    await this.#database.delete("pieces", piecesOf(VOICE + voice));
  }

  /** Recordings of which something is here. */
  async voices(): Promise<readonly VoiceName[]> {
    const keys = await this.#database.getAllKeys("pieces", IDBKeyRange.bound([VOICE, 0], [`${VOICE}\uffff`, 0]));
    return [...new Set(keys.map(([client]) => client.slice(VOICE.length) as VoiceName))];
  }

  /** Something of it is known, or over (`undefined`). One that was dropped meanwhile stays so. */
  async change(client: ClientId, change: Partial<Record<keyof Row, unknown>>): Promise<Row | undefined> {
    const transaction = this.#database.transaction("uploads", "readwrite", STRICT);
    const before = await transaction.store.get(client);
    const next = before && ({ ...before, ...change } as Row);
    if (next !== undefined) await transaction.store.put(next);
    await transaction.done;
    return next;
  }

  /** With all its bytes, as they lie on the disk; undefined where they never came together. */
  async whole(client: ClientId): Promise<{ readonly row: Row; readonly bytes: Blob } | undefined> {
    const row = await this.#database.get("uploads", client);
    if (row?.bytes === undefined) return undefined;
    const file = await (await this.#files())?.get(client);
    if (file?.size === row.bytes) return { row, bytes: file };
    const bytes = new Blob(await this.#database.getAll("pieces", piecesOf(client)));
    return bytes.size === row.bytes ? { row, bytes } : undefined;
  }

  /** Its message is with the engine, or nobody wants it any more. */
  async drop(client: ClientId): Promise<void> {
    const transaction = this.#database.transaction(["uploads", "pieces"], "readwrite");
    await Promise.all([
      transaction.objectStore("uploads").delete(client),
      transaction.objectStore("pieces").delete(piecesOf(client)),
      transaction.done,
    ]);
    await (await this.#files())?.drop(client);
  }
}

function piecesOf(client: string): IDBKeyRange {
  return IDBKeyRange.bound([client, 0], [client, Number.MAX_SAFE_INTEGER]);
}

/** As pages see it: without the key. */
function shown({ key: _key, bytes, order: _order, ...row }: Row): KeptUpload {
  return { ...row, whole: bytes !== undefined };
}
