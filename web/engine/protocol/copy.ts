/** What a page is told of the sealed copy, and what a person can do about it. */
import type { CopyGeneration } from "../../../worker/contract/copy.ts";
import type { Time } from "../../../worker/contract/names.ts";

/**
 * What became of reading it in. As of a file (`Imported`); `lost`: chunks that are not there, or not what was written; `upTo`: when
 * the copy that was read was last written, by its own word.
 */
export type CopyOutcome = {
  readonly filled: number;
  readonly known: number;
  readonly elsewhere: number;
  readonly bad: number;
  readonly lost: number;
  readonly upTo: Time;
};

/**
 * `full`: the object keeps no more. `older`: it has shown an older copy than this browser has met before. `forged`: what it has
 * shown is not what own browsers have written; nothing more is written then. `disk`: this browser's disk takes no more.
 */
export type CopyTrouble = "full" | "older" | "forged" | "disk";

/**
 * What wants to be seen once. `began`: another browser has begun one. `offer`: this browser is new, and there is one. `ending`:
 * somebody who has not shown its key wants it deleted. `ended`: it was, by another browser.
 */
export type CopyNews = "began" | "offer" | "ending" | "ended" | "outcome" | CopyTrouble;

/**
 * `here`: `none`: this browser has nothing to do with it. `keeps`: it has its key, and writes what is missing in it. `reading`: and
 * reads it in. `left`: it did, and the object has none any more.
 */
export type CopyView = {
  readonly kind: "sealed-copy";
  readonly key: "sealed-copy";
  readonly here: "none" | "keeps" | "reading" | "left";
  readonly most: number;
  /** What the object keeps now. */
  readonly kept?: {
    readonly generation: CopyGeneration;
    /** Of the browser that began it; undefined where it is no more. */
    readonly name?: string;
    readonly byThis: boolean;
    readonly since: Time;
    readonly length: number;
    readonly passkey?: string;
    readonly ending?: { readonly name?: string; readonly byThis: boolean; readonly at: Time };
  };
  /** The last one that was deleted. */
  readonly ended?: { readonly name?: string; readonly at: Time };
  readonly writtenAt?: Time;
  /** Messages that are known here to stand in it. */
  readonly texts?: number;
  /** Chunks while it is read in. */
  readonly done: number;
  readonly of: number;
  readonly outcome?: CopyOutcome;
  readonly trouble?: CopyTrouble;
  readonly news?: CopyNews;
};

/**
 * `recovery`: sixteen bytes. `begin`: with this recovery key, `passkey` being what keeps it. `open`: with the key of the one that is there, which is read in
 * then. `again`: read it in once more. `end`: delete it. `keep`: against the word of whoever wanted it deleted. `seen`: the person
 * has read the news; a copy that is no more is let go of with that.
 */
export type CopyAct =
  | { readonly act: "begin"; readonly recovery: Uint8Array<ArrayBuffer>; readonly passkey?: string | undefined }
  | { readonly act: "open"; readonly recovery: Uint8Array<ArrayBuffer> }
  | { readonly act: "again" | "end" | "keep" | "seen" };
