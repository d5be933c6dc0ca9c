/** The sealed copy as an object keeps it, in memory, and what one that lies makes of it. */
import type { CallArguments, CallValue } from "../../../worker/contract/calls.ts";
import type { CopyInfo, CopyRead, CopyRefusal, CopyTold } from "../../../worker/contract/copy.ts";
import type { Result } from "../../../worker/contract/failures.ts";
import type { Base64, BrowserId } from "../../../worker/contract/names.ts";

type Kept = CopyInfo & {
  readonly token: string;
  readonly manifest: Base64;
  readonly bytes: ReadonlyMap<number, Base64>;
};
type Answer<Name extends "copyBegin" | "copyRead" | "copyWrite" | "copyEnd" | "copyKeep"> = Result<CallValue<Name>>;

const COPY_WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

/** Characters that are kept of an account, where any are. */
export const COPY_MOST = 50 * 1_024 * 1_024;

export class ScriptedCopy {
  /** 0: it keeps none, and browsers say nothing of it. */
  most = 0;
  /** What it keeps; put there again, an older one. */
  kept: Kept | undefined;
  ended: CopyTold["ended"];
  /** Every write that was taken. */
  readonly writes: CallArguments<"copyWrite">[] = [];
  /** What it answers in the place of what it keeps; `chunk` undefined: the manifest. */
  distort: (read: CopyRead, chunk: number | undefined) => CopyRead | undefined = (read) => read;
  /** So many writes are taken, and the answer is lost. */
  loseAnswers = 0;
  /** Before a write is looked at, which may wait for another one. */
  beforeWrite: () => Promise<void> = async () => undefined;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  told(): CopyTold {
    const { kept, most, ended } = this;
    if (kept === undefined) return { most, ...(ended && { ended }) };
    return { most, copy: infoOf(kept), ...(ended && { ended }) };
  }

  begin(by: BrowserId, { generation, token, manifest, passkey }: CallArguments<"copyBegin">): Answer<"copyBegin"> {
    if (this.kept !== undefined && this.kept.token !== token) return refused("exists");
    if (this.most === 0) return refused("full");
    const about = { generation, by, since: Date.now(), number: 1, chunks: 0, length: manifest.length };
    this.kept ??= { ...about, ...(passkey !== undefined && { passkey }), token, manifest, bytes: new Map() };
    this.#changed();
    return { ok: true, value: infoOf(this.kept) };
  }

  read({ token, chunk }: CallArguments<"copyRead">): Answer<"copyRead"> {
    const { kept } = this;
    if (kept === undefined) return refused("none");
    if (kept.token !== token) return refused("key");
    const bytes = chunk === undefined ? kept.manifest : kept.bytes.get(chunk);
    const answer = bytes === undefined ? undefined : this.distort({ number: kept.number, bytes }, chunk);
    return answer === undefined ? refused("none") : { ok: true, value: answer };
  }

  async write(args: CallArguments<"copyWrite">): Promise<Answer<"copyWrite">> {
    await this.beforeWrite();
    const { kept } = this;
    const { token, after, number, manifest, add, drop } = args;
    if (kept === undefined) return refused("none");
    if (kept.token !== token) return refused("key");
    if (kept.number !== after) return refused("behind");
    const bytes = new Map(kept.bytes);
    for (const chunk of drop) bytes.delete(chunk);
    for (const one of add) bytes.set(one.chunk, one.bytes);
    const length = manifest.length + [...bytes.values()].reduce((sum, text) => sum + text.length, 0);
    if (length > this.most && length > kept.length) return refused("full");
    this.writes.push(args);
    this.kept = { ...kept, number, manifest, bytes, length, chunks: bytes.size };
    this.#changed();
    if (this.loseAnswers === 0) return { ok: true, value: infoOf(this.kept) };
    this.loseAnswers -= 1;
    return { ok: false, error: { kind: "offline" } };
  }

  end(by: BrowserId, { token }: CallArguments<"copyEnd">): Answer<"copyEnd"> {
    const { kept } = this;
    if (kept === undefined) return { ok: true, value: {} };
    if (token === undefined) {
      const at = kept.ending?.at ?? Date.now() + COPY_WEEK_MS;
      this.kept = { ...kept, ending: kept.ending ?? { by, at } };
      this.#changed();
      return { ok: true, value: { ends: at } };
    }
    if (kept.token !== token) return refused("key");
    this.delete(by);
    return { ok: true, value: {} };
  }

  keep({ token }: CallArguments<"copyKeep">): Answer<"copyKeep"> {
    if (this.kept === undefined) return refused("none");
    if (this.kept.token !== token) return refused("key");
    const { ending: _ending, ...kept } = this.kept;
    this.kept = kept;
    this.#changed();
    return { ok: true, value: { done: true } };
  }

  /** The week is over, or somebody had the key. */
  delete(by: BrowserId): void {
    this.kept = undefined;
    this.ended = { by, at: Date.now() };
    this.#changed();
  }
}

function infoOf({ token: _token, manifest: _manifest, bytes: _bytes, ...info }: Kept): CopyInfo {
  return info;
}

function refused(detail: CopyRefusal): {
  readonly ok: false;
  readonly error: { readonly kind: "copy"; readonly detail: string };
} {
  return { ok: false, error: { kind: "copy", detail } };
}
