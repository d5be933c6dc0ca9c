/**
 * What a page may ask of the worker of files. It fetches and puts them, encrypts and decrypts them, and looks at what they are:
 * neither the page nor the engine is held up, and what no decoder may see stays there.
 */
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid, ClientId, EntryId, Time } from "../../../worker/contract/names.ts";
import type { FileDetails } from "../../media/file-details.ts";
import type { FileKind } from "../../media/file-kind.ts";

/** Before the address of an account: its database of files on their way. It goes when the account's own does. */
export const UPLOADS = "alcove-uploads:";

/** A page of this browser, while it is there: decrypted files that are too large to be in memory lie on the disk for it. */
export type PageId = string & { readonly is: "page" };

/** What a page holds, shared, as long as it may need them. */
export function pageLock(page: PageId): string {
  return `alcove-page:${page}`;
}

/** A voice message that is being recorded: its conversation, and which of it. */
export type VoiceName = `${BareJid}\n${string}`;

/** What somebody has found a file to be, in this browser. Points as it is drawn; a sound, or what is only saved, has none. */
export type SeenFile = {
  readonly kind: FileKind;
  /** Of its content, and neutral for whatever is not shown. */
  readonly type: string;
  readonly size: number;
  readonly width?: number;
  readonly height?: number;
  /** What it is called here, of what was sent from this browser: an encrypted link says nothing of that. */
  readonly name?: string;
  /** Of a sound or a film: how long it takes, where its bytes say so. */
  readonly seconds?: number;
  /** Of a sound: how loud it is (`web/media/levels.ts`). */
  readonly levels?: Uint8Array<ArrayBuffer>;
  /** Somebody has listened to it, in this browser. */
  readonly played?: true;
};

/** `key`: IV and key of an encrypted one, in hex. `message`: the entry that brings it; without one it is looked for here alone. */
export type FileSource = { readonly url: string; readonly key?: string; readonly message?: EntryId };

/** `smaller`: at most 1920 points a side. Of both nothing is left but what can be seen. */
export type PictureQuality = "smaller" | "original";

export type FileWork =
  /** Fetch it, decrypt it, look at it. More bytes than `most` are not fetched: fails with `file: large`. */
  | { readonly kind: "show"; readonly source: FileSource; readonly most?: number }
  /** What was shown of a large file is needed no more (`ShownFile.opened`). */
  | { readonly kind: "close"; readonly opened: string }
  /** Make it ready: what it is, how large, without what it says of the person. Fails with `file`: `empty`, `wrong-size`. */
  | { readonly kind: "prepare"; readonly file: Blob; readonly quality: PictureQuality }
  /** What is behind a link that is about to be sent. Fails with `file` and a `PreviewRefusal`, and as calls do. */
  | { readonly kind: "preview"; readonly url: string }
  /** The same of what a browser has recorded: in a container that phones play. Fails with `file`: `empty`. */
  | { readonly kind: "recorded"; readonly file: Blob }
  /** A piece of a recording, so that it outlives its page; `at`: behind which others. Fails where no disk takes it. */
  | { readonly kind: "said"; readonly voice: VoiceName; readonly at: number; readonly piece: Blob }
  /** All of what was said. Fails with `file`: `not-kept`. */
  | { readonly kind: "heard"; readonly voice: VoiceName }
  /** It was sent, or thrown away. */
  | { readonly kind: "unsaid"; readonly voice: VoiceName }
  /** What was said and neither sent nor thrown away, the oldest first; by some page, which may be there. */
  | { readonly kind: "voices" }
  /** A file is to be sent: known from now on, and in every tab. Fails with `file`: `empty`. */
  | { readonly kind: "begin"; readonly upload: NewUpload }
  /**
   * These are its bytes: they are encrypted where it says so, and stay here until it is dropped. `kept` is answered; false: no disk
   * has taken them, they are there as long as this worker. Fails with `file`: `wrong-size`.
   */
  | { readonly kind: "keep"; readonly upload: NewUpload; readonly file: Blob }
  /** Bring it to the server of the account. Fails as the calls do, and with `file`: `not-kept`. */
  | { readonly kind: "put"; readonly client: ClientId }
  /** What there is to be sent, the oldest first. */
  | { readonly kind: "uploads" }
  /** How one has failed; none: it is tried again. `silent`, and nothing else: the words that were to go after it do not. */
  | { readonly kind: "note"; readonly client: ClientId; readonly failure?: Failure; readonly silent?: boolean }
  /** Its message is with the engine, or nobody wants it any more. */
  | { readonly kind: "drop"; readonly client: ClientId }
  /** What is kept of files; before that, how many bytes they may take from now on, or that all of them go. */
  | { readonly kind: "storage"; readonly most?: number; readonly empty?: true }
  /** Look at one that waits. Fails with `file`: `not-kept`. */
  | { readonly kind: "look"; readonly client: ClientId };

/**
 * A file that is to be sent, by the name of its message. `at`: when that was said. `caption`: words that go after it, a message
 * of their own. `ending`, `type`: as a slot wants them (`worker/contract/media.ts`); `type` in clear alone.
 */
export type NewUpload = {
  readonly client: ClientId;
  readonly chat: BareJid;
  readonly at: Time;
  readonly encrypted: boolean;
  readonly name: string;
  readonly seen: SeenFile;
  readonly tiny?: Uint8Array<ArrayBuffer>;
  readonly said?: Pick<FileDetails, "seconds" | "levels" | "voice">;
  readonly ending?: string;
  readonly type?: string;
  readonly caption?: { readonly client: ClientId; readonly text: string };
};

/** Of files that were fetched or sent here: the bytes that they take, how many they are, and how much they may take. */
export type FileStorage = { readonly bytes: number; readonly files: number; readonly most: number };

/** `whole`: all its bytes are here. `put`: the server has it. */
export type KeptUpload = NewUpload & { readonly whole: boolean; readonly put?: PutFile; readonly failure?: Failure };

/** `id`: by which answers name it. A page ends what it began with `end`. */
export type FileRequest =
  | { readonly id: number; readonly account: BareJid; readonly page: PageId; readonly work: FileWork }
  | { readonly id: number; readonly end: true };

/**
 * `picture`: in no more points than a conversation has for it, where it has more; of a sound in a container that says nothing
 * of its length, one that does. `opened`: it lies on the disk for this page, until that closes it or goes.
 */
export type ShownFile = {
  readonly seen: SeenFile;
  readonly file: Blob;
  readonly picture?: Blob;
  readonly opened?: string;
};
/** `tiny`: of a picture (`web/media/tiny-picture.ts`). */
export type PreparedFile = ShownFile & { readonly tiny?: Uint8Array<ArrayBuffer> };
/** `text`: the link with its key where it is encrypted, else the link. */
export type PutFile = { readonly url: string; readonly text: string; readonly size: number };

/** `picture`: drawn here, small. */
export type MadePreview = {
  readonly title?: string;
  readonly description?: string;
  readonly picture?: Uint8Array<ArrayBuffer>;
};

export type FileReply = { readonly id: number } & (
  | { readonly done: number; readonly total?: number }
  | { readonly shown: ShownFile }
  | { readonly prepared: PreparedFile }
  | { readonly put: PutFile }
  | { readonly preview: MadePreview }
  | { readonly uploads: readonly KeptUpload[] }
  | { readonly heard: Blob }
  | { readonly voices: readonly VoiceName[] }
  | { readonly finished: true }
  | { readonly kept: boolean }
  | { readonly storage: FileStorage }
  | { readonly failure: Failure; readonly size?: number }
);

/** The worker, as its page knows it. */
export interface FileWorker {
  postMessage(request: FileRequest): void;
  addEventListener(type: "message", listener: (event: { readonly data: FileReply }) => void): void;
  addEventListener(type: "error", listener: (event: { preventDefault(): void }) => void): void;
  terminate(): void;
}
