/** The copy as the object keeps it, for whoever has its key: what comes from there is believed only where own browsers have sealed it. */
import type { CopyInfo } from "../../../worker/contract/copy.ts";
import type { Result } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { fromBase64, toBase64 } from "../../../worker/shared/base64.ts";
import type { Remote } from "../object/calls.ts";
import { type Chunk, readChunk } from "./chunk.ts";
import type { CopyKey } from "./copy-key.ts";
import { type ChunkName, type Manifest, readManifest, writeManifest } from "./manifest.ts";
import { type CopyPlace, digestOf, openPart, sealPart } from "./sealing.ts";

/** `digest`: of the manifest as it is sealed. */
export type Found = { readonly manifest: Manifest; readonly digest: string };

export type Step = {
  /** What stands in the object now. */
  readonly found: Found;
  readonly manifest: Manifest;
  readonly add: readonly { readonly name: ChunkName; readonly sealed: Uint8Array<ArrayBuffer> }[];
  readonly drop: readonly number[];
};

export class KeptCopy {
  readonly #remote: Remote;
  readonly #account: BareJid;
  readonly #key: CopyKey;

  constructor(remote: Remote, account: BareJid, key: CopyKey) {
    this.#remote = remote;
    this.#account = account;
    this.#key = key;
  }

  /** Undefined: what the object has shown is none that this key has sealed. Fails as `copyRead`. */
  async manifest(): Promise<Result<Found | undefined>> {
    const answer = await this.#remote.call("copyRead", { token: this.#key.token });
    if (!answer.ok) return answer;
    const sealed = fromBase64(answer.value.bytes);
    const content = sealed && (await openPart(this.#key.key, this.#place("manifest", answer.value.number), sealed));
    const manifest = content && (await readManifest(content));
    if (sealed === undefined || manifest?.number !== answer.value.number) return { ok: true, value: undefined };
    return { ok: true, value: { manifest, digest: await digestOf(sealed) } };
  }

  /**
   * Undefined: it is not there, or is not what its name says. `strange`: it is, and nothing that this release knows. Fails as
   * `copyRead` else.
   */
  async chunk({
    chunk,
    digest,
  }: ChunkName): Promise<Result<(Chunk & { readonly bad: number }) | "strange" | undefined>> {
    const answer = await this.#remote.call("copyRead", { token: this.#key.token, chunk });
    const missing = !answer.ok && answer.error.kind === "copy" && answer.error.detail === "none";
    if (missing) return { ok: true, value: undefined };
    if (!answer.ok) return answer;
    const sealed = fromBase64(answer.value.bytes);
    if (sealed === undefined || (await digestOf(sealed)) !== digest) return { ok: true, value: undefined };
    const content = await openPart(this.#key.key, this.#place("chunk", chunk), sealed);
    return { ok: true, value: content && ((await readChunk(content)) ?? "strange") };
  }

  async sealChunk(chunk: number, content: Uint8Array<ArrayBuffer>): Promise<Step["add"][number]> {
    const sealed = await sealPart(this.#key.key, this.#place("chunk", chunk), content);
    return { name: { chunk, digest: await digestOf(sealed), length: sealed.length }, sealed };
  }

  /** As it goes to the object, and its digest. */
  async sealManifest(manifest: Manifest): Promise<{ readonly sealed: string; readonly digest: string }> {
    const bytes = await sealPart(
      this.#key.key,
      this.#place("manifest", manifest.number),
      await writeManifest(manifest),
    );
    return { sealed: toBase64(bytes), digest: await digestOf(bytes) };
  }

  /** Fails as `copyWrite`. */
  async write({
    found,
    manifest,
    add,
    drop,
  }: Step): Promise<Result<{ readonly info: CopyInfo; readonly found: Found }>> {
    const { sealed, digest } = await this.sealManifest(manifest);
    const answer = await this.#remote.call("copyWrite", {
      ...{ token: this.#key.token, after: found.manifest.number, number: manifest.number, manifest: sealed, drop },
      add: add.map(({ name, sealed: bytes }) => ({ chunk: name.chunk, bytes: toBase64(bytes) })),
    });
    return answer.ok ? { ok: true, value: { info: answer.value, found: { manifest, digest } } } : answer;
  }

  #place(part: CopyPlace["part"], number: number): CopyPlace {
    return { account: this.#account, generation: this.#key.generation, part, number };
  }
}
