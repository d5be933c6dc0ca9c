/** The private file system of a browser (OPFS), in memory, for tests. */

type Entry = ScriptedFolder | ScriptedFile;

class ScriptedFile {
  /** In the order in which they were written, which is all that anybody does. */
  readonly parts: Uint8Array<ArrayBuffer>[] = [];
  size = 0;
  /** Somebody writes it: nobody else does, and nobody takes it away. */
  open = false;
  readonly #disk: ScriptedDisk;

  constructor(disk: ScriptedDisk) {
    this.#disk = disk;
  }

  async getFile(): Promise<Blob> {
    return new Blob(this.parts);
  }

  async createSyncAccessHandle() {
    if (this.open) throw new DOMException("it is written", "NoModificationAllowedError");
    this.open = true;
    return {
      write: (piece: Uint8Array, { at }: { readonly at: number }) => {
        if (at !== this.size) throw new RangeError("not behind the others");
        if (piece.length > this.#disk.room - this.#disk.used()) throw new DOMException("full", "QuotaExceededError");
        this.parts.push(piece.slice());
        this.size += piece.length;
        return piece.length;
      },
      close: () => {
        this.open = false;
      },
    };
  }
}

class ScriptedFolder {
  readonly entries = new Map<string, Entry>();
  readonly #disk: ScriptedDisk;

  constructor(disk: ScriptedDisk) {
    this.#disk = disk;
  }

  #get(name: string, create: boolean | undefined, make: () => Entry): Entry {
    const found = this.entries.get(name) ?? (create === true ? make() : undefined);
    if (found === undefined) throw new DOMException(name, "NotFoundError");
    this.entries.set(name, found);
    return found;
  }

  async getDirectoryHandle(name: string, { create }: { readonly create?: boolean } = {}) {
    return this.#get(name, create, () => new ScriptedFolder(this.#disk)) as ScriptedFolder;
  }

  async getFileHandle(name: string, { create }: { readonly create?: boolean } = {}) {
    return this.#get(name, create, () => new ScriptedFile(this.#disk)) as ScriptedFile;
  }

  async removeEntry(name: string): Promise<void> {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new DOMException(name, "NotFoundError");
    if (filesIn(entry).some(({ open }) => open)) throw new DOMException("it is written", "NoModificationAllowedError");
    this.entries.delete(name);
  }

  async *keys(): AsyncGenerator<string> {
    yield* this.entries.keys();
  }
}

function filesIn(entry: Entry): readonly ScriptedFile[] {
  return entry instanceof ScriptedFile ? [entry] : [...entry.entries.values()].flatMap(filesIn);
}

export class ScriptedDisk {
  readonly root = new ScriptedFolder(this);
  /** Bytes that it takes. */
  room = Number.POSITIVE_INFINITY;

  /** This browser has it, until what this returns is called. */
  begin(): () => void {
    Object.defineProperty(navigator, "storage", { configurable: true, value: { getDirectory: async () => this.root } });
    return () => Reflect.deleteProperty(navigator, "storage");
  }

  used(): number {
    return filesIn(this.root).reduce((sum, { size }) => sum + size, 0);
  }

  /** How many bytes each file has, whatever it is called. */
  sizes(): readonly number[] {
    return filesIn(this.root).map(({ size }) => size);
  }
}
