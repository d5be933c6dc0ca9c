/** Asks the worker of files. It is begun with the first question, and goes when nobody has asked for a while. */
import type { BareJid } from "../../../worker/contract/names.ts";
import type { FileReply, FileWork, FileWorker, PageId, ShownFile } from "../../engine/protocol/files.ts";

const IDLE_MS = 60_000;

export type Heard = (reply: FileReply) => void;

export class FileAsking {
  readonly #account: BareJid;
  readonly #page: PageId;
  readonly #start: () => FileWorker;
  readonly #heard = new Map<number, Heard>();
  #worker: FileWorker | undefined;
  #asked = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  /** `page`: its lock (`pageLock`) is held as long as this is used. */
  constructor(account: BareJid, page: PageId, start: () => FileWorker) {
    this.#account = account;
    this.#page = page;
    this.#start = start;
  }

  /** `heard` is called until there is an answer; what this returns ends it, and nothing is heard any more. */
  ask(work: FileWork, heard: Heard): () => void {
    this.#asked += 1;
    const id = this.#asked;
    if (this.#ended) {
      queueMicrotask(() => heard({ id, failure: { kind: "not-loaded" } }));
      return () => undefined;
    }
    clearTimeout(this.#idle);
    this.#heard.set(id, heard);
    this.#worker ??= this.#begin();
    this.#worker.postMessage({ id, account: this.#account, page: this.#page, work });
    return () => {
      if (!this.#heard.delete(id)) return;
      this.#worker?.postMessage({ id, end: true });
      this.#rest();
    };
  }

  /** Nobody looks at it any more. */
  close({ opened }: Pick<ShownFile, "opened">): void {
    if (opened !== undefined && !this.#ended) this.ask({ kind: "close", opened }, () => undefined);
  }

  #begin(): FileWorker {
    const worker = this.#start();
    worker.addEventListener("message", ({ data }) => {
      const heard = this.#heard.get(data.id);
      if (!("done" in data)) this.#heard.delete(data.id);
      heard?.(data);
      // It was ended while the answer was on its way.
      if (heard === undefined && "shown" in data) this.close(data.shown);
      this.#rest();
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      const waiting = [...this.#heard];
      this.#release();
      // Its script could not be had, or it has broken off: the next question begins another one.
      for (const [id, heard] of waiting) heard({ id, failure: { kind: "not-loaded" } });
    });
    return worker;
  }

  #rest(): void {
    clearTimeout(this.#idle);
    const isIdle = this.#worker !== undefined && this.#heard.size === 0;
    if (isIdle) this.#idle = setTimeout(() => this.#release(), IDLE_MS);
  }

  /** The account is here no longer: what is asked from now on is answered by `not-loaded`. */
  end(): void {
    this.#ended = true;
    this.#release();
  }

  #release(): void {
    clearTimeout(this.#idle);
    this.#heard.clear();
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}
