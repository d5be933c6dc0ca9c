/**
 * The sealed copy: texts of the account that one of its browsers has sealed under a recovery key, which no browser, object or
 * server keeps. The object keeps it as rows that it cannot read, and lets only that end touch them which shows a token that is
 * made of the same key.
 */
import type { Base64, BrowserId, Time } from "./names.ts";

/** Names one copy: 32 hex digits, drawn when it is begun. */
export type CopyGeneration = string & { readonly copyGeneration: unique symbol };

/** Made of the recovery key; the object keeps its SHA-256. */
export type CopyToken = Base64;

/** What anybody who is signed in is told of the copy. */
export type CopyInfo = {
  readonly generation: CopyGeneration;
  /** By which browser it was begun, and when. */
  readonly by: BrowserId;
  readonly since: Time;
  /** Counts what was written; grows with each write. */
  readonly number: number;
  readonly chunks: number;
  /** Characters that are kept. */
  readonly length: number;
  /** The recovery key as a passkey keeps it: whoever has that passkey can open it, and nobody else. */
  readonly passkey?: string;
  /** Somebody without the token wants it deleted: it is at this time, unless somebody with the token keeps it. */
  readonly ending?: { readonly by: BrowserId; readonly at: Time };
};

/** The last copy that was deleted, and by which browser. */
export type CopyEnded = { readonly by: BrowserId; readonly at: Time };

/**
 * In `hello`, and as a frame whenever something of it is another. Without `copy` there is none. `most`: how many characters this
 * deployment keeps of one account; 0: none.
 */
export type CopyTold = { readonly most: number; readonly copy?: CopyInfo; readonly ended?: CopyEnded };

/** `manifest` and `bytes` are sealed; the object knows how long they are. */
export type CopyBeginning = {
  readonly generation: CopyGeneration;
  readonly token: CopyToken;
  readonly manifest: Base64;
  readonly passkey?: string | undefined;
};

/**
 * One step: chunks come and go together with the manifest that names what is there. `after`: the number that whoever writes
 * knows of; `number`: a higher one.
 */
export type CopyWriting = {
  readonly token: CopyToken;
  readonly after: number;
  readonly number: number;
  readonly manifest: Base64;
  readonly add: readonly { readonly chunk: number; readonly bytes: Base64 }[];
  readonly drop: readonly number[];
};

/** The manifest, or one chunk of it, as it was written. */
export type CopyRead = { readonly number: number; readonly bytes: Base64 };

/**
 * Why something does not come about, the `detail` of the failure `copy`. `exists`: there is another one. `none`: there is none,
 * or no such chunk. `key`: the token is not that of this copy. `behind`: somebody has written meanwhile. `full`: it would be
 * more than this deployment keeps.
 */
export const COPY_REFUSALS = ["exists", "none", "key", "behind", "full"] as const;
export type CopyRefusal = (typeof COPY_REFUSALS)[number];
