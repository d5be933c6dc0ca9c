/** The folder of a plain Worker's objects on a file system of a few megabytes, in memory, which something else fills. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { startPlainWorker } from "../plain-worker.ts";

const run = promisify(execFile);
const DISK_BYTES = 6 * 2 ** 20;

export class SmallDisk {
  /** Why a test is skipped. */
  static readonly WANTED = "a full disk needs root, and a machine on which it may mount a file system";
  readonly #folder: string;
  #path: string | undefined;

  /** `folder`: `objects`, or one of the classes in it. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** For `startStack`; where this machine mounts nothing the disk is a common one. */
  readonly start: typeof startPlainWorker = async (options) => {
    // Nobody else may mount anything.
    if (process.getuid?.() === 0 && this.#path === undefined) {
      const folder = join(options.persist, this.#folder);
      await mkdir(folder, { recursive: true });
      // A container may forbid it to root as well.
      const mounted = run("mount", ["-t", "tmpfs", "-o", `size=${DISK_BYTES}`, "tmpfs", folder]);
      this.#path = await mounted.then(
        () => folder,
        () => undefined,
      );
    }
    return startPlainWorker(options);
  };

  /** This machine cannot do it. */
  get isMissing(): boolean {
    return this.#path === undefined;
  }

  async fill(): Promise<void> {
    await assert.rejects(writeFile(this.#ballast, new Uint8Array(DISK_BYTES)), { code: "ENOSPC" });
  }

  async makeRoom(): Promise<void> {
    await rm(this.#ballast, { force: true });
  }

  /** The Worker has been stopped. */
  async unmount(): Promise<void> {
    if (this.#path !== undefined) await run("umount", [this.#path]);
  }

  get #ballast(): string {
    return join(this.#path ?? "", "ballast");
  }
}
