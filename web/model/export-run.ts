/** One file that is written out: what the worker makes goes into it part by part, until it is whole or given up. */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { BareJid } from "../../worker/contract/names.ts";
import { drop } from "../../worker/shared/drop.ts";
import type {
  ExportFormat,
  ExportProgress,
  ExportReply,
  ExportWords,
  ExportWorker,
} from "../engine/protocol/exporting.ts";

/** Where it goes. `abort`: nothing of it stays. */
export interface ExportSink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

/** `unreadable`: what is here could not be read; `unwritable`: the file could not be written, for want of room as a rule. */
export type ExportState =
  | ({ readonly state: "writing" } & ExportProgress)
  | ({ readonly state: "done" } & ExportProgress)
  | { readonly state: "unreadable" | "unwritable" | "given-up" };

type Wanted = {
  readonly account: BareJid;
  readonly format: ExportFormat;
  readonly words: ExportWords;
  readonly passphrase?: string;
};

export class ExportRun {
  readonly #now = signal<ExportState>({ state: "writing", done: 0, all: 0, written: 0 });
  readonly #worker: ExportWorker;
  readonly #sink: ExportSink;

  constructor(worker: ExportWorker, sink: ExportSink, wanted: Wanted) {
    this.#worker = worker;
    this.#sink = sink;
    worker.addEventListener("message", ({ data }) => drop(this.#take(data)));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      drop(this.#end("unreadable"));
    });
    worker.postMessage({ ask: "begin", ...wanted });
  }

  get now(): ReadonlySignal<ExportState> {
    return this.#now;
  }

  /** The person does not want it any more. */
  cancel(): void {
    drop(this.#end("given-up"));
  }

  async #take(reply: ExportReply): Promise<void> {
    if (this.#now.peek().state !== "writing") return;
    try {
      switch (reply.kind) {
        case "part": {
          const { kind: _, bytes, ...progress } = reply;
          await this.#sink.write(bytes);
          if (this.#now.peek().state !== "writing") return;
          this.#now.value = { state: "writing", ...progress };
          this.#worker.postMessage({ ask: "go" });
          return;
        }
        case "end": {
          const { kind: _, ...progress } = reply;
          await this.#sink.close();
          this.#worker.terminate();
          this.#now.value = { state: "done", ...progress };
          return;
        }
        case "failed":
          await this.#end("unreadable");
      }
    } catch {
      // Whatever the browser calls it: no room, a disk that was taken out, a file that is not to be written any more.
      await this.#end("unwritable");
    }
  }

  async #end(state: "unreadable" | "unwritable" | "given-up"): Promise<void> {
    if (this.#now.peek().state !== "writing") return;
    this.#now.value = { state };
    this.#worker.terminate();
    // What was begun is of no use; that it cannot be taken away changes nothing for whoever reads this.
    await this.#sink.abort().catch(() => undefined);
  }
}
