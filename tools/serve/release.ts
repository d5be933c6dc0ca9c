/** A release as it lies in a folder (`build-release.ts` makes it): page, Worker, the Worker before it, and what wrangler.toml says. */
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseWrangler, type WranglerSettings } from "./wrangler-settings.ts";

/** Names within the folder. */
export const PARTS = {
  name: "release.txt",
  page: "page",
  main: "worker/worker.js",
  front: "front.js",
  wrangler: "wrangler.toml",
  runtime: "workerd",
  program: "serve.mjs",
  node: "node",
  command: "alcove",
} as const;

/** Paths are absolute. */
export type Release = WranglerSettings & {
  /** What it is called: the commit it was built from, where that is known. */
  readonly name: string;
  /** `unknown` where it was built by a release that did not write it down. */
  readonly version: string;
  readonly page: string;
  readonly main: string;
  /** Modules of text beside the main one. */
  readonly texts: readonly string[];
  readonly front: string;
  readonly runtime: string;
};

/** @throws in words where nothing was built there */
export async function readRelease(folder: string): Promise<Release> {
  const part = (name: keyof typeof PARTS) => join(folder, PARTS[name]);
  const text = await readFile(part("name"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT")
      throw new Error(`There is no release in ${folder}: npm run serve -- --build makes one.`);
    throw error;
  });
  const [name = "", version] = text.trim().split("\n");
  const headers = await readFile(join(part("page"), "_headers"), "utf8");
  return {
    ...parseWrangler(await readFile(part("wrangler"), "utf8"), headers),
    name,
    version: version ?? "unknown",
    page: part("page"),
    main: part("main"),
    texts: (await textsBeside(part("main"))).map((file) => join(dirname(part("main")), file)),
    front: part("front"),
    runtime: part("runtime"),
  };
}

/** Names of the modules of text that a bundle imports. */
export async function textsBeside(bundle: string): Promise<readonly string[]> {
  return (await readdir(dirname(bundle))).filter((file) => file.endsWith(".sql"));
}
