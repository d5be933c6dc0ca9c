/** The tabs of a browser that send files, for tests: what it keeps, its worker of files, and the engine that takes the messages. */
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid, ClientId } from "../../../worker/contract/names.ts";
import type { Engine } from "../../engine/protocol/engine.ts";
import type { FileReply, FileRequest, FileWork, KeptUpload, PageId } from "../../engine/protocol/files.ts";
import { Conversation } from "../conversation/conversation.ts";
import { Files } from "../files/files.ts";
import type { Told } from "../files/told.ts";
import { type Tabs, Uploads } from "../files/uploads.ts";

export const BOB = "bob@example.org" as BareJid;
const ALICE = "alice@example.org" as BareJid;
export const URL_OF_IT = "https://files.example/9f2c/a.jpg";
export const TINY = new Uint8Array([1, 2, 3]);
export const PREPARED = {
  tiny: TINY,
  seen: { kind: "image", type: "image/jpeg", size: 900, width: 40, height: 30 },
  file: new Blob([new Uint8Array(900)]),
} as const;
export const photo = () => new File([new Uint8Array(1_000)], "Ferien.JPG", { type: "image/jpeg" });

type Sent = Parameters<Engine["send"]>[0];

const ends: (() => void)[] = [];

/** After each test: whatever was under way asks its last, and begins the worker for it. */
export async function endAll(): Promise<void> {
  await turn();
  for (const end of ends.splice(0)) end();
}

export const PUT = { url: URL_OF_IT, text: "aesgcm://x", size: 900 };
const FINISHED = { finished: true };
export const KEPT = { kept: true };
export const turn = () => new Promise((resolve) => setTimeout(resolve));

/** The tabs of one browser: one lock of each name, and what one says the others hear. */
export class Browser {
  readonly #heard = new Map<object, (told: Told) => void>();
  readonly #turns = new Map<string, Promise<void>>();
  /** Locks that somebody has. */
  held = 0;

  tab(): Tabs & { close(): void } {
    const me = {};
    let open = true;
    let die: () => void = () => undefined;
    const dead = new Promise<void>((resolve) => {
      die = resolve;
    });
    const end = () => {
      open = false;
      this.#heard.delete(me);
      die();
    };
    return {
      alone: async (name, job, signal) => {
        const before = this.#turns.get(name);
        const mine = (before ?? Promise.resolve()).then(async () => {
          if (!open || signal.aborted) return;
          this.held += 1;
          await Promise.race([job(), dead]);
          this.held -= 1;
        });
        this.#turns.set(name, mine);
        await mine;
      },
      say: (told) => {
        for (const [who, heard] of this.#heard) if (who !== me) queueMicrotask(() => heard(told));
      },
      hear: (heard) => void this.#heard.set(me, heard),
      end,
      close: end,
    };
  }
}

/** What a browser keeps of the files on their way, as `web/engine/media/uploading.ts` does. */
export class Kept {
  rows: readonly KeptUpload[] = [];
  /** The disk takes its time, or refuses: nothing is deleted. */
  stuck = false;

  change(client: ClientId, change: Partial<KeptUpload>): void {
    this.rows = this.rows.map((row) => (row.client === client ? { ...row, ...change } : row));
  }

  take(work: FileWork): Record<string, unknown> | undefined {
    switch (work.kind) {
      case "uploads":
        return { uploads: this.rows };
      case "begin":
        this.rows = [
          ...this.rows.filter(({ client }) => client !== work.upload.client),
          { ...work.upload, whole: false },
        ];
        return FINISHED;
      case "note": {
        const change = work.silent === true ? { caption: undefined } : { failure: work.failure };
        this.change(work.client, change as Partial<KeptUpload>);
        return FINISHED;
      }
      case "drop":
        if (this.stuck) return undefined;
        this.rows = this.rows.filter(({ client }) => client !== work.client);
        return FINISHED;
      default:
        return undefined;
    }
  }
}

type Given = { readonly refuses?: (Failure | undefined)[]; readonly browser?: Browser; readonly kept?: Kept };

/** A worker that waits for its cues where bytes are moved, and an engine that takes what it is given. */
export function given({ refuses = [], browser = new Browser(), kept = new Kept() }: Given = {}) {
  const asked: { readonly id: number; readonly work: FileWork }[] = [];
  const ended: number[] = [];
  const sent: Sent[] = [];
  const noted: unknown[] = [];
  let tell: (event: { readonly data: FileReply }) => void = () => undefined;
  const worker = {
    postMessage: (request: FileRequest) => {
      if ("end" in request) return void ended.push(request.id);
      const reply = kept.take(request.work);
      if (reply === undefined) asked.push(request);
      else queueMicrotask(() => tell({ data: { id: request.id, ...reply } as FileReply }));
    },
    addEventListener: (type: string, listener: unknown) => {
      if (type === "message") tell = listener as typeof tell;
    },
    terminate: () => undefined,
  };
  const engine = {
    send: async (args: Sent) => {
      sent.push(args);
      const refused = refuses.shift();
      return refused === undefined ? { ok: true, value: { client: args.client } } : { ok: false, error: refused };
    },
    noteFile: async (args: unknown) => {
      noted.push(args);
      return { ok: true, value: { done: true } };
    },
    typing: async () => undefined,
    draft: async () => undefined,
  } as unknown as Engine;
  const files = new Files(engine, { account: ALICE, page: "page" as unknown as PageId, start: () => worker });
  ends.push(() => files.end());
  const conversation = new Conversation(engine, BOB, () => 1_000);
  // Words that were given back are being written for a minute.
  ends.push(() => conversation.kept.close());
  const tabs = browser.tab();
  const uploads = new Uploads({ engine, files, now: () => 1_000, conversationOf: () => conversation, tabs });
  ends.unshift(() => uploads.end());
  const tellOf = async (id: number, reply: Record<string, unknown>) => {
    const work = asked.find((one) => one.id === id)?.work;
    if (work?.kind === "keep" && reply["kept"] === true)
      kept.change(work.upload.client, { ...work.upload, whole: true });
    if (work?.kind === "put" && "put" in reply) kept.change(work.client, { put: reply["put"] as never });
    tell({ data: { id, ...reply } as FileReply });
    await turn();
  };
  const answer = (reply: Record<string, unknown>) => tellOf(asked.at(-1)?.id ?? 0, reply);
  /** A photo, as far as its bytes are kept. */
  const sends = async (more: object = {}, encrypted = true, reply: Record<string, unknown> = KEPT) => {
    uploads.send(conversation, { file: photo(), prepared: PREPARED, quality: "smaller", ...more }, encrypted);
    await turn();
    await answer(reply);
  };
  const kinds = () => asked.map(({ work }) => work.kind);
  const first = () => conversation.sending.items[0];
  return { files, uploads, conversation, tabs, kept, asked, ended, sent, noted, answer, tellOf, sends, kinds, first };
}
