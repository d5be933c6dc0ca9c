/** Does what a page asks of the worker of files, a few at a time. */
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { drop as leave } from "../../../worker/shared/drop.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import { report } from "../../../worker/shared/report.ts";
import type { FileReply, FileRequest, FileWork } from "../protocol/files.ts";
import { browserOf, show } from "./fetching.ts";
import { keptFiles } from "./kept-files.ts";
import { makePreview } from "./link-preview.ts";
import { KeptUploads } from "./kept-uploads.ts";
import { prepare } from "./pictures.ts";
import { dropOpened, sweep } from "../store/private-disk.ts";
import { fileFailure, isFailure } from "./road.ts";
import { recording } from "./sounds.ts";
import { begin, drop, isOfTheFile, keep, look, note, put } from "./uploading.ts";

const AT_ONCE = 3;
/** A page is told how far it is so often. */
const TOLD_MS = 80;
const QUICK: ReadonlySet<FileWork["kind"]> = new Set(["begin", "uploads", "note", "drop", "close", "said", "unsaid"]);
const FINISHED = { finished: true } as const;

type Told = (done: number, total?: number) => void;
type Job = Extract<FileRequest, { readonly work: unknown }>;
type Answer =
  Exclude<FileReply, { readonly done: number }> extends infer One
    ? One extends unknown
      ? Omit<One, "id">
      : never
    : never;

export class FileWorking {
  readonly #reply: (reply: FileReply) => void;
  readonly #waiting: Job[] = [];
  readonly #ends = new Map<number, AbortController>();
  #busy = 0;
  #swept = false;

  constructor(reply: (reply: FileReply) => void) {
    this.#reply = reply;
  }

  ask(request: FileRequest): void {
    if ("end" in request) {
      this.#ends.get(request.id)?.abort();
      return;
    }
    this.#ends.set(request.id, new AbortController());
    // What moves no bytes waits for none.
    if (QUICK.has(request.work.kind)) {
      leave(this.#work(request));
      return;
    }
    this.#waiting.push(request);
    this.#next();
  }

  #next(): void {
    while (this.#busy < AT_ONCE) {
      // What was asked for last is in sight; one's own goes in its order, before all that.
      const own = this.#waiting.findIndex(({ work }) => work.kind !== "show");
      const [job] = this.#waiting.splice(own, 1);
      if (job === undefined) return;
      this.#busy += 1;
      leave(
        this.#work(job).finally(() => {
          this.#busy -= 1;
          this.#next();
        }),
      );
    }
  }

  async #work(job: Job): Promise<void> {
    const { id } = job;
    const signal = this.#ends.get(id)?.signal ?? AbortSignal.abort();
    try {
      signal.throwIfAborted();
      const answer = await this.#answer(
        job,
        signal,
        tellerOf((told) => this.#reply({ id, ...told })),
      );
      this.#reply({ id, ...answer } as FileReply);
    } catch (error) {
      // Whoever has ended it waits for nothing.
      if (!signal.aborted) this.#reply({ id, failure: failureOf(error) });
    } finally {
      this.#ends.delete(id);
    }
  }

  /** Once: what was decrypted for pages that have gone. Nobody waits for it. */
  #sweep(account: BareJid): void {
    if (this.#swept) return;
    this.#swept = true;
    leave(sweep(account));
  }

  async #answer({ account, page, work }: Job, signal: AbortSignal, told: Told): Promise<Answer> {
    switch (work.kind) {
      case "show":
        this.#sweep(account);
        return show(work, { account, page, signal, told });
      case "close":
        await dropOpened(account, page, work.opened);
        return FINISHED;
      case "preview": {
        const preview = await makePreview(await browserOf(account), work.url, signal);
        return "kind" in preview ? { failure: preview } : { preview };
      }
      case "prepare":
        if (work.file.size === 0) throw fileFailure("empty");
        return { prepared: await prepare(work.file, work.quality) };
      case "recorded":
        return { prepared: await recording(work.file) };
      case "said":
        await KeptUploads.with(account, (kept) => kept.say(work.voice, work.at, work.piece));
        return FINISHED;
      case "heard": {
        const heard = await KeptUploads.with(account, (kept) => kept.heard(work.voice));
        if (heard === undefined) throw fileFailure("not-kept");
        return { heard };
      }
      case "unsaid":
        await KeptUploads.with(account, (kept) => kept.unsay(work.voice));
        return FINISHED;
      case "voices":
        return { voices: await KeptUploads.with(account, (kept) => kept.voices()) };
      case "begin":
        await begin(account, work.upload);
        return FINISHED;
      case "keep":
        return { kept: await keep(account, work.upload, work.file, signal) };
      case "put":
        return { put: await put(account, await browserOf(account), work.client, signal, told) };
      case "look":
        return { shown: await look(account, work.client) };
      case "uploads":
        // It is what a page asks for first: what was decrypted waits for nobody to look at a file.
        this.#sweep(account);
        return { uploads: await KeptUploads.with(account, (kept) => kept.all()) };
      case "storage": {
        const files = await keptFiles(account);
        if (work.empty === true) await files.empty();
        if (work.most !== undefined) await files.limit(work.most);
        return { storage: await files.usage() };
      }
      case "note":
        await note(account, work.client, work.silent === true ? { caption: undefined } : { failure: work.failure });
        return FINISHED;
      case "drop":
        await drop(account, work.client);
        return FINISHED;
      default:
        return missingCase(work);
    }
  }
}

function failureOf(error: unknown): Failure {
  if (isFailure(error)) return error;
  if (isOfTheFile(error)) return fileFailure("wrong-size");
  report("a file could not be worked on", error);
  return { kind: "internal" };
}

function tellerOf(tell: (told: { readonly done: number; readonly total?: number }) => void): Told {
  let last = 0;
  return (done, total) => {
    const now = performance.now();
    if (now - last < TOLD_MS) return;
    last = now;
    tell({ done, ...(total !== undefined && { total }) });
  };
}
