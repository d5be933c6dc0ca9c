/**
 * Where a large file goes that comes in pieces, so that nobody has all of it in memory. Browsers hold a new Blob in memory, and
 * one that was read out of a database as long as it is wanted, also when its row has gone: where there is no private disk
 * (`store/private-disk.ts`), each piece goes through the database of uploads, where nothing of it stays.
 */
import type { BareJid } from "../../../worker/contract/names.ts";
import { report } from "../../../worker/shared/report.ts";
import type { Bytes } from "../bytes.ts";
import { KeptUploads } from "./kept-uploads.ts";
import type { Folder, NewFile } from "../store/private-disk.ts";

/** `opened`: what it is called in the folder of its page, where it is there. */
export type Gathered = { readonly file: Blob; readonly opened?: string };

/** Takes a file piece by piece, and nobody sees any of it before its end. */
export interface Sink {
  /** The memory of the piece is the caller's again when this settles. */
  write(piece: Bytes): Promise<void>;
  /** All of it. */
  end(): Promise<Gathered>;
  /** Nobody gets it. */
  drop(): Promise<void>;
}

export class InMemory implements Sink {
  readonly #parts: Blob[] = [];

  async write(piece: Bytes): Promise<void> {
    this.#parts.push(new Blob([piece]));
  }

  async end() {
    return { file: new Blob(this.#parts) };
  }

  async drop(): Promise<void> {
    this.#parts.length = 0;
  }
}

/** What the disk does not take stays in memory. */
export async function onDisk(account: BareJid, folder: Folder | undefined): Promise<Sink> {
  try {
    if (folder !== undefined) return new OnPrivateDisk(await folder.create(crypto.randomUUID()));
  } catch (error) {
    report("there is no private disk", error);
  }
  try {
    return new ThroughDatabase(await KeptUploads.open(account));
  } catch {
    // The browser keeps nothing.
    return new InMemory();
  }
}

class OnPrivateDisk implements Sink {
  readonly #file: NewFile;
  readonly #rest: Blob[] = [];

  constructor(file: NewFile) {
    this.#file = file;
  }

  async write(piece: Bytes): Promise<void> {
    try {
      if (this.#rest.length === 0) {
        this.#file.write(piece);
        return;
      }
    } catch (error) {
      report("the rest of a file stays in memory", error);
    }
    this.#rest.push(new Blob([piece]));
  }

  async end() {
    const file = await this.#file.close();
    return { file: this.#rest.length === 0 ? file : new Blob([file, ...this.#rest]), opened: this.#file.name };
  }

  drop(): Promise<void> {
    return this.#file.drop();
  }
}

class ThroughDatabase implements Sink {
  readonly #database: KeptUploads;
  readonly #parts: Blob[] = [];

  constructor(database: KeptUploads) {
    this.#database = database;
  }

  async write(piece: Bytes): Promise<void> {
    const blob = new Blob([piece]);
    try {
      this.#parts.push(await this.#database.passThrough(blob));
    } catch (error) {
      report("a piece of a file stays in memory", error);
      this.#parts.push(blob);
    }
  }

  async end() {
    this.#database.close();
    return { file: new Blob(this.#parts) };
  }

  async drop(): Promise<void> {
    this.#database.close();
  }
}
