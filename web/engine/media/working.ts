/** Does what a page asks of the worker of files, a few at a time. */
import type { Failure } from "../../../worker/contract/failures.ts";
import { FILE_LIMITS } from "../../../worker/contract/media.ts";
import type { BareJid, BrowserId } from "../../../worker/contract/names.ts";
import { drop as leave } from "../../../worker/shared/drop.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import { report } from "../../../worker/shared/report.ts";
import { readFileKey } from "../../media/aesgcm.ts";
import type { FileReply, FileRequest, FileSource, FileWork, ShownFile } from "../protocol/files.ts";
import { knownAccount } from "../store/known-accounts.ts";
import { keptFiles } from "./kept-files.ts";
import { makePreview } from "./link-preview.ts";
import { KeptUploads } from "./kept-uploads.ts";
import { onDisk } from "./on-disk.ts";
import { decrypted, openFile } from "./opening.ts";
import { lookAt, prepare } from "./pictures.ts";
import { fileFailure, getFile, isFailure, piecesOf } from "./road.ts";
import { recording } from "./sounds.ts";
import { begin, drop, isOfTheFile, keep, look, note, put } from "./uploading.ts";

const AT_ONCE = 3;
/** A page is told how far it is so often. */
const TOLD_MS = 80;
const QUICK: ReadonlySet<FileWork["kind"]> = new Set(["begin", "uploads", "note", "drop"]);
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

  async #work({ id, account, work }: Job): Promise<void> {
    const signal = this.#ends.get(id)?.signal ?? AbortSignal.abort();
    try {
      signal.throwIfAborted();
      const answer = await this.#answer(
        account,
        work,
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

  async #answer(account: BareJid, work: FileWork, signal: AbortSignal, told: Told): Promise<Answer> {
    switch (work.kind) {
      case "show":
        return show(account, work.source, work.most, signal, told);
      case "preview": {
        const preview = await makePreview(await browserOf(account), work.url, signal);
        return "kind" in preview ? { failure: preview } : { preview };
      }
      case "prepare":
        if (work.file.size === 0) throw fileFailure("empty");
        return { prepared: await prepare(work.file, work.quality) };
      case "recorded":
        return { prepared: await recording(work.file) };
      case "begin":
        await begin(account, work.upload);
        return FINISHED;
      case "keep":
        await keep(account, work.upload, work.file, signal);
        return FINISHED;
      case "put":
        return { put: await put(account, await browserOf(account), work.client, signal, told) };
      case "look":
        return { shown: await look(account, work.client) };
      case "uploads":
        return { uploads: await KeptUploads.with(account, (kept) => kept.all()) };
      case "storage": {
        const files = await keptFiles(account);
        if (work.empty === true) await files.empty();
        if (work.most !== undefined) await files.limit(work.most);
        return { storage: await files.usage() };
      }
      case "note":
        await note(account, work.client, {
          failure: work.failure,
          ...(work.silent === true && { caption: undefined }),
        });
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

async function browserOf(account: BareJid): Promise<BrowserId> {
  const known = await knownAccount(account);
  if (known === undefined) throw { kind: "not-signed-in" } satisfies Failure;
  return known.browser;
}

type Shown = { readonly shown: ShownFile } | { readonly failure: Failure; readonly size: number };

async function show(
  account: BareJid,
  { url, key, message }: FileSource,
  most: number | undefined,
  signal: AbortSignal,
  told: Told,
): Promise<Shown> {
  const files = await keptFiles(account);
  const gather = onDisk(account);
  const kept = await files.get(url);
  if (kept !== undefined) {
    const plain = key === undefined ? kept : await decrypted(kept, readFileKey(key), gather).catch(() => undefined);
    // Otherwise it was written only in part: it is fetched again.
    if (plain !== undefined) return { shown: await lookAt(plain) };
  }
  if (message === undefined) throw fileFailure("not-named");
  const response = await getFile(await browserOf(account), { message, url }, signal);
  if (!(response instanceof Response)) throw response;
  const said = Number(response.headers.get("content-length") ?? Number.NaN);
  const limit = most ?? FILE_LIMITS.mostBytesDown;
  if (said > limit) {
    await response.body?.cancel();
    return { failure: fileFailure(most === undefined ? "too-large" : "large"), size: said };
  }
  const total = Number.isFinite(said) ? said : undefined;
  const { sealed, plain } = await openFile(piecesOf(response, signal), key, limit, (done) => told(done, total), gather);
  const shown = await lookAt(plain);
  // Nobody waits for what is kept for another time.
  leave(files.put(url, sealed));
  return { shown };
}
