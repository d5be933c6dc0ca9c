/** One file on its way: its row in the conversation, from the press to the moment when its message is with the engine. */
import { batch, signal } from "@preact/signals-core";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { ClientId, Position } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import type { Engine } from "../../engine/protocol/engine.ts";
import type {
  FileReply,
  FileWork,
  KeptUpload,
  NewUpload,
  PictureQuality,
  PreparedFile,
  PutFile,
} from "../../engine/protocol/files.ts";
import { NEUTRAL_TYPE } from "../../media/file-kind.ts";
import type { Conversation } from "../conversation/conversation.ts";
import type { FileRow } from "../conversation/sending.ts";
import { CaptionRow } from "./caption-row.ts";
import type { Files } from "./files.ts";
import { aboutFile, endingFor } from "./said-of-file.ts";
import type { Told, Underway } from "./told.ts";

/** What was chosen. Undefined where the page that chose it has gone. */
export type Chosen = {
  readonly file: Blob;
  /** Made ready in the tray already. */
  readonly prepared?: PreparedFile | undefined;
  readonly quality: PictureQuality;
  /** It outlives this page by itself now, or nobody wants it any more; perhaps more than once. */
  readonly safe?: () => void;
};
export type RowParts = {
  readonly engine: Pick<Engine, "send" | "noteFile">;
  readonly files: Files;
  readonly tell: (told: Told) => void;
  /** Its message is with the engine: this tab need not hold it any more. */
  readonly sent: (row: UploadRow) => void;
  /** It is no longer on its way. */
  readonly over: (row: UploadRow) => void;
  /** Whether it waits for its bytes, which are nowhere but on this page. */
  readonly kept: () => void;
};

/** Behind every row of the engine, as what was just typed. */
const NEWEST = Number.MAX_SAFE_INTEGER as Position;
const WAITING: Underway = { done: 0, total: 0 };

export class UploadRow implements FileRow {
  readonly underway = signal<Underway>(WAITING);
  /** It, and all before it, were sent, have failed or were stopped: the one behind need not wait any more. */
  readonly over: Promise<void>;
  /** This tab brings it; false: another one does. */
  mine = false;
  item: MessageItem;
  readonly #parts: RowParts;
  readonly #conversation: Conversation;
  readonly #before: Promise<void> | undefined;
  readonly #chosen: Chosen | undefined;
  readonly #caption: CaptionRow | undefined;
  #settle: () => void = () => undefined;
  #upload: NewUpload;
  #prepared: PreparedFile | undefined;
  #whole: boolean;
  /** Its bytes are where they outlive this page. */
  #safe: boolean;
  #put: PutFile | undefined;
  #stopped = false;
  #busy = false;
  #end: (() => void) | undefined;

  constructor(
    parts: RowParts,
    conversation: Conversation,
    upload: NewUpload | KeptUpload,
    { chosen, before }: { readonly chosen?: Chosen; readonly before: Promise<void> | undefined },
  ) {
    this.#parts = parts;
    this.#conversation = conversation;
    this.#upload = upload;
    this.#chosen = chosen;
    this.#prepared = chosen?.prepared;
    this.#before = before;
    this.#whole = "whole" in upload && upload.whole;
    this.#safe = this.#whole;
    const own = new Promise<void>((resolve) => {
      this.#settle = resolve;
    });
    this.over = Promise.all([before, own]).then(() => undefined);
    const { client: key, at, encrypted, seen } = upload;
    const place = { key, chat: conversation.chat, position: NEWEST, at, outgoing: true, encrypted };
    this.item = { ...place, body: { kind: "text", text: "" }, seen, state: "waiting" };
    if ("failure" in upload && upload.failure !== undefined)
      this.item = { ...this.item, state: "failed", failure: upload.failure };
    if (upload.caption !== undefined) this.#caption = new CaptionRow(this, upload.caption);
    const rows = this.#caption === undefined ? [this] : [this, this.#caption];
    const { files } = conversation.sending;
    files.value = [...files.peek(), ...rows];
  }

  get client(): ClientId {
    return this.#upload.client;
  }

  /** Its bytes are nowhere but on this page, or in the memory of its worker. */
  get unkept(): boolean {
    return this.#chosen !== undefined && !this.#safe && this.item.state === "waiting";
  }

  /** What another tab has left of it; undefined: nothing is left to be done, or it was chosen here and is kept nowhere yet. */
  told(kept: KeptUpload | undefined): void {
    if (this.mine) return;
    if (kept === undefined) {
      if (this.#chosen === undefined) this.gone();
      return;
    }
    const { whole, put, failure, ...upload } = kept;
    this.#upload = upload;
    this.#whole = whole;
    this.#put = put;
    if (failure !== undefined) this.#show(failure);
    else if (this.item.state === "failed") this.#change({ ...this.#plain(), state: "waiting" });
  }

  /** This tab brings it from here. Nothing is thrown: what goes wrong is in the row. */
  async run(): Promise<void> {
    if (this.#busy || this.#stopped) return;
    this.#busy = true;
    const failure = await this.#bring().then(
      () => undefined,
      (error: unknown) => error as Failure,
    );
    // Before it is shown: whoever tries again at once is not held up by what is still noted of it.
    this.#busy = false;
    if (failure !== undefined) await this.#fail(failure);
  }

  /** Once more, from where it has stopped: what the server has is not put there again. */
  retry(): void {
    if (!this.mine) {
      this.#parts.tell({ kind: "act", client: this.client, act: "retry" });
      return;
    }
    // Of two presses the first one has begun.
    if (this.item.state !== "failed") return;
    this.#change({ ...this.#plain(), state: "waiting" });
    drop(this.#do({ kind: "note", client: this.client }).catch(() => undefined));
    this.#parts.tell({ kind: "listed" });
    drop(this.run());
  }

  discard(): void {
    if (!this.mine) {
      this.#parts.tell({ kind: "act", client: this.client, act: "discard" });
      return;
    }
    this.#end?.();
    this.#chosen?.safe?.();
    this.#remove();
    const { caption } = this.#upload;
    const { text } = this.#conversation.writing;
    // Nobody has said that the words are to go.
    if (caption !== undefined && text.peek() === "") text.value = caption.text;
    this.#parts.tell({ kind: "stopped", client: this.client });
    // Whoever has its lock next goes on with what is kept: it is let go when nothing is.
    drop(this.#forget().then(() => this.#parts.over(this)));
  }

  /** Another tab has stopped it, or nothing is left to be done. */
  gone(): void {
    if (this.mine) return;
    this.#remove();
    this.#parts.over(this);
  }

  /** The words do not go, whichever tab brings the file. */
  withoutCaption(): void {
    this.silence();
    drop(this.#do({ kind: "note", client: this.client, silent: true }).catch(() => undefined));
    this.#parts.tell({ kind: "silent", client: this.client });
  }

  /** Another tab has said so. */
  silence(): void {
    const { caption: _words, ...upload } = this.#upload;
    this.#upload = upload;
    const { files } = this.#conversation.sending;
    files.value = files.peek().filter((row) => row !== this.#caption);
  }

  async #bring(): Promise<void> {
    const { client, caption, chat } = this.#upload;
    if (!this.#whole && this.#put === undefined) await this.#keep();
    this.#put ??= (
      await this.#do({ kind: "put", client }, "put").catch((error) => this.#putAgain(error as Failure))
    ).put;
    // In the order in which they were chosen, whichever was there first.
    await this.#before;
    if (this.#stopped) return;
    const { size, text } = this.#put;
    this.#way({ done: size, total: size });
    const about = aboutFile(this.#upload, this.#put);
    await this.#send({ client, chat, text, ...about });
    // Stopped at the last moment, the file is with the engine; its words were given back.
    const isWanted = this.#upload.caption !== undefined && !this.#stopped;
    if (caption !== undefined && isWanted) await this.#send({ ...caption, chat });
    this.#settle();
    this.#safe = true;
    this.#chosen?.safe?.();
    this.#parts.kept();
    const { seen } = this.item;
    if (seen !== undefined) await this.#parts.engine.noteFile({ key: client, seen });
    await this.#forget();
    this.#parts.sent(this);
  }

  /** What no disk took was in the memory of the worker, and is gone with it; this page has it still. */
  async #putAgain(failure: Failure): Promise<Extract<FileReply, { readonly put: PutFile }>> {
    const isGone = failure.kind === "file" && failure.detail === "not-kept";
    if (!isGone || this.#chosen === undefined || this.#stopped) throw failure;
    await this.#keep();
    return this.#do({ kind: "put", client: this.client }, "put");
  }

  async #send(message: Parameters<Engine["send"]>[0]): Promise<void> {
    const answer = await this.#parts.engine.send(message);
    if (!answer.ok) throw answer.error;
  }

  /** Its bytes come to where they outlive this page. */
  async #keep(): Promise<void> {
    const { client } = this.#upload;
    const chosen = this.#chosen;
    if (chosen === undefined) throw { kind: "file", detail: "not-kept" } satisfies Failure;
    await this.#do({ kind: "begin", upload: this.#upload });
    this.#parts.tell({ kind: "listed" });
    if (this.#prepared === undefined) {
      const { file, quality } = chosen;
      const { prepared } = await this.#do({ kind: "prepare", file, quality }, "prepared");
      this.#prepared = prepared;
    }
    const { seen: found, file, tiny } = this.#prepared;
    const seen = { ...found, name: this.#upload.name };
    const ending = endingFor(seen, this.#upload.name);
    const type = seen.type === NEUTRAL_TYPE ? {} : { type: seen.type };
    this.#upload = { ...this.#upload, seen, ...(tiny && { tiny }), ...(ending && { ending }), ...type };
    this.#parts.files.keep({ key: client, seen }, this.#prepared);
    this.#way({ done: 0, total: file.size });
    this.#change({ ...this.item, seen });
    const { kept } = await this.#do({ kind: "keep", upload: this.#upload, file }, "kept");
    this.#whole = true;
    this.#safe = kept;
    if (kept) chosen.safe?.();
    this.#parts.kept();
    this.#parts.tell({ kind: "listed" });
  }

  /** @throws the failure that is answered */
  #do(work: FileWork): Promise<unknown>;
  #do<K extends "put" | "prepared" | "kept">(work: FileWork, key: K): Promise<Extract<FileReply, Record<K, unknown>>>;
  #do(work: FileWork, key?: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const end = this.#parts.files.asking.ask(work, (reply) => {
        if ("done" in reply) this.#way({ done: reply.done, total: reply.total ?? reply.done });
        else if ("failure" in reply) reject(reply.failure);
        else if (key === undefined || key in reply) resolve(reply);
      });
      // What is noted meanwhile is not what is stopped.
      if (work.kind !== "note") this.#end = end;
    });
  }

  #forget(): Promise<void> {
    const { client } = this.#upload;
    return new Promise((resolve) => {
      this.#parts.files.asking.ask({ kind: "drop", client }, () => {
        this.#parts.tell({ kind: "listed" });
        resolve();
      });
    });
  }

  #way(way: Underway): void {
    this.underway.value = way;
    this.#parts.tell({ kind: "way", client: this.client, way });
  }

  async #fail(failure: Failure): Promise<void> {
    this.#settle();
    this.#show(failure);
    this.#parts.kept();
    await this.#do({ kind: "note", client: this.client, failure }).catch(() => undefined);
    this.#parts.tell({ kind: "listed" });
  }

  #show(failure: Failure): void {
    batch(() => {
      this.underway.value = WAITING;
      this.#change({ ...this.#plain(), state: "failed", failure });
    });
  }

  #remove(): void {
    this.#stopped = true;
    this.#settle();
    const { files } = this.#conversation.sending;
    files.value = files.peek().filter((row) => row !== this && row !== this.#caption);
  }

  #plain(): MessageItem {
    const { failure: _over, ...item } = this.item;
    return item;
  }

  #change(item: MessageItem): void {
    this.item = item;
    const { files } = this.#conversation.sending;
    // The same row in another list: whoever draws it is told.
    files.value = [...files.peek()];
  }
}
