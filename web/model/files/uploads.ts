/**
 * Files on their way to others. Each has a row from the beginning, in every tab of the account; one tab brings it, by a lock of
 * its own, and where that tab goes the next one takes it up from what was kept (`web/engine/media/kept-uploads.ts`).
 */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { BareJid, ClientId, Time } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { type Engine, newClientId } from "../../engine/protocol/engine.ts";
import type { KeptUpload, NewUpload, PreparedFile, PictureQuality } from "../../engine/protocol/files.ts";
import { NEUTRAL_TYPE } from "../../media/file-kind.ts";
import { cleanName } from "../../media/file-name.ts";
import type { Conversation } from "../conversation/conversation.ts";
import { AHEAD_BYTES } from "./file-view.ts";
import type { Files } from "./files.ts";
import type { Told, Underway } from "./told.ts";
import { UploadRow } from "./upload-row.ts";

export type Sent = {
  readonly file: File;
  /** Made ready in the tray already, and how. */
  readonly prepared?: PreparedFile | undefined;
  readonly quality: PictureQuality;
  /** See `Chosen` of `upload-row.ts`. */
  readonly safe?: () => void;
  /** Words that go after it. */
  readonly caption?: string;
} & Pick<NewUpload, "said">;

/** How the tabs of an account agree: who holds the lock of a name brings the file; each hears what the others say. */
export type Tabs = {
  /** Settles when it is this tab's turn, which lasts until `job` has settled. */
  alone(name: string, job: () => Promise<void>, signal: AbortSignal): Promise<void>;
  say(told: Told): void;
  hear(heard: (told: Told) => void): void;
  end(): void;
};

type Parts = {
  readonly engine: Pick<Engine, "send" | "noteFile">;
  readonly files: Files;
  readonly now: () => Time;
  readonly conversationOf: (chat: BareJid) => Conversation;
  readonly tabs: Tabs;
};

export class Uploads {
  readonly #parts: Parts;
  readonly #rows = new Map<ClientId, { readonly row: UploadRow; readonly gone: AbortController; settle: () => void }>();
  /** The newest of each conversation. */
  readonly #newest = new Map<Conversation, UploadRow>();
  /** Those that are never taken up again, whatever is kept of them. */
  readonly #stopped = new Set<ClientId>();
  readonly #unkept = signal<readonly UploadRow[]>([]);
  #listing = false;
  #listAgain = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.tabs.hear((told) => this.#hear(told));
  }

  /** Of the file under this key; undefined: it is not on its way. */
  of(key: string): ReadonlySignal<Underway> | undefined {
    return this.#rows.get(key as ClientId)?.row.underway;
  }

  /** Those whose bytes are nowhere but on this page: they go with it. */
  get unkept(): ReadonlySignal<readonly UploadRow[]> {
    return this.#unkept;
  }

  /** Its row stands when this returns. `encrypted`: what the conversation is now. */
  send(conversation: Conversation, { caption: words, said, ...sent }: Sent, encrypted: boolean): void {
    const { file, prepared } = sent;
    const name = cleanName(file.name, undefined);
    const seen = prepared?.seen ?? ({ kind: "file", type: NEUTRAL_TYPE, size: file.size } as const);
    const caption = words === undefined ? {} : { caption: { client: newClientId(), text: words } };
    const place = { client: newClientId(), chat: conversation.chat, at: this.#parts.now(), encrypted };
    const upload = { ...place, name, seen: { ...seen, name }, ...(said && { said }), ...caption };
    const row = this.#add(conversation, upload, sent);
    this.#take(row);
  }

  /** Takes up what another page has left, and shows what others are bringing. */
  async resume(): Promise<void> {
    if (this.#listing) {
      this.#listAgain = true;
      return;
    }
    this.#listing = true;
    do {
      this.#listAgain = false;
      const kept = await this.#kept();
      if (kept !== undefined) this.#show(kept);
    } while (this.#listAgain);
    this.#listing = false;
  }

  /** The way to the server stands again: what has failed for that alone goes on. */
  connected(): void {
    for (const { row } of this.#rows.values()) if (row.mine && row.item.failure?.kind === "offline") row.retry();
  }

  /** Another account, or none. What is kept stays, for whoever signs in again. */
  end(): void {
    for (const { gone, settle } of this.#rows.values()) {
      gone.abort();
      settle();
    }
    this.#rows.clear();
    this.#parts.tabs.end();
  }

  #add(conversation: Conversation, upload: NewUpload | KeptUpload, chosen?: Sent): UploadRow {
    const { engine, files, tabs } = this.#parts;
    const before = this.#newest.get(conversation)?.over;
    const row = new UploadRow(
      {
        engine,
        files,
        tell: (told) => tabs.say(told),
        sent: ({ client }) => this.#rows.get(client)?.settle(),
        over: ({ client }) => this.#over(client),
        kept: () => this.#count(),
      },
      conversation,
      upload,
      { before, ...(chosen && { chosen }) },
    );
    this.#newest.set(conversation, row);
    this.#rows.set(upload.client, { row, gone: new AbortController(), settle: () => undefined });
    this.#count();
    return row;
  }

  /** The lock is this tab's until the file is no longer on its way, also while it has failed: it is tried again here. */
  #take(row: UploadRow, look: () => Promise<boolean> = async () => true): void {
    const known = this.#rows.get(row.client);
    if (known === undefined) return;
    const job = async () => {
      const over = new Promise<void>((resolve) => {
        known.settle = resolve;
      });
      row.mine = true;
      if (await look()) drop(row.run());
      await over;
    };
    drop(
      this.#parts.tabs.alone(`alcove-upload:${row.client}`, job, known.gone.signal).catch((error: unknown) => {
        if (!known.gone.signal.aborted) throw error;
      }),
    );
  }

  #show(kept: readonly KeptUpload[]): void {
    const { conversationOf, files } = this.#parts;
    for (const { row } of this.#rows.values()) {
      const now = kept.find(({ client }) => client === row.client);
      if (!row.mine) row.told(now);
    }
    for (const upload of kept) {
      // What was read of the disk may be older than what was said meanwhile.
      if (this.#rows.has(upload.client) || this.#stopped.has(upload.client)) continue;
      const row = this.#add(conversationOf(upload.chat), upload);
      if (upload.whole && upload.seen.kind === "image" && upload.seen.size <= AHEAD_BYTES)
        files.asking.ask({ kind: "look", client: upload.client }, (reply) => {
          if ("shown" in reply) files.keep({ key: upload.client, seen: upload.seen }, reply.shown);
        });
      this.#take(row, async () => {
        // What whoever had it has left: perhaps nothing.
        const now = (await this.#kept())?.find(({ client }) => client === upload.client);
        row.mine = false;
        row.told(now);
        row.mine = true;
        return now !== undefined && now.failure === undefined;
      });
    }
  }

  /** Undefined: they cannot be read. */
  #kept(): Promise<readonly KeptUpload[] | undefined> {
    return new Promise((resolve) => {
      this.#parts.files.asking.ask({ kind: "uploads" }, (reply) => {
        resolve("uploads" in reply ? reply.uploads : undefined);
      });
    });
  }

  #hear(told: Told): void {
    if (told.kind === "listed") {
      drop(this.resume());
      return;
    }
    const row = this.#rows.get(told.client)?.row;
    if (told.kind === "act") {
      if (row?.mine !== true) return;
      if (told.act === "retry") row.retry();
      else row.discard();
    } else if (told.kind === "silent") row?.silence();
    else if (told.kind === "stopped") {
      this.#stopped.add(told.client);
      row?.gone();
    } else if (row?.mine === false) row.underway.value = told.way;
  }

  #over(client: ClientId): void {
    this.#stopped.add(client);
    const known = this.#rows.get(client);
    this.#rows.delete(client);
    known?.gone.abort();
    known?.settle();
    this.#count();
  }

  #count(): void {
    this.#unkept.value = [...this.#rows.values()].map(({ row }) => row).filter(({ unkept }) => unkept);
  }
}
