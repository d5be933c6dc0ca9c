/** What a page may ask of the worker that writes out what can be read in this browser. */
import type { BareJid } from "../../../worker/contract/names.ts";

/**
 * `lines`: for programs, a JSON object a line. `page`: for people, one HTML file. `sealed`: for another own browser, under a
 * passphrase.
 */
export type ExportFormat = "lines" | "page" | "sealed";

/** Characters that a passphrase has at least: whoever has the file can try as long as they like. */
export const PASSPHRASE_LEAST = 12;

/** `not-a-history`: no such file. */
export type NotImported = { readonly how: "not-a-history" | "wrong-passphrase" };

/**
 * What became of a file that was read in. `filled`: texts that were missing here; `known`: those that were not; `elsewhere`:
 * messages that are not here, for the history here does not reach them; `bad`: records that were none, or said of a message what
 * is not so. `whole`: nothing of the file was missing or damaged.
 */
export type Imported = {
  readonly how: "read";
  readonly filled: number;
  readonly known: number;
  readonly elsewhere: number;
  readonly bad: number;
  readonly whole: boolean;
};

/** What the HTML file says beside people's own words, in the page's language. */
export type ExportWords = Readonly<
  Record<"title" | "lead" | "you" | "edited" | "clear" | "whisper" | "whisperTo", string>
> & { readonly language: string; readonly direction: "ltr" | "rtl" };

/** `go`: the next part may be made; nothing is made before the last one was taken, so that little is in memory at once. */
export type ExportRequest =
  | {
      readonly ask: "begin";
      readonly account: BareJid;
      readonly format: ExportFormat;
      readonly words: ExportWords;
      /** Of a `sealed` one. */
      readonly passphrase?: string;
    }
  | { readonly ask: "go" };

/** `done`: messages that were looked at, of so many in `all`; `written`: those that are in the file. */
export type ExportProgress = { readonly done: number; readonly all: number; readonly written: number };
export type ExportReply =
  | ({ readonly kind: "part"; readonly bytes: Uint8Array<ArrayBuffer> } & ExportProgress)
  | ({ readonly kind: "end" } & ExportProgress)
  | { readonly kind: "failed" };

/** The worker, as its page knows it. */
export interface ExportWorker {
  postMessage(request: ExportRequest): void;
  addEventListener(type: "message", listener: (event: { readonly data: ExportReply }) => void): void;
  addEventListener(type: "error", listener: (event: { preventDefault(): void }) => void): void;
  terminate(): void;
}
