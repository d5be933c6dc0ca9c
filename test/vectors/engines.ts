/** The vectors in Node and in real browsers, the same modules in each. */
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type ViteDevServer } from "vite";
import { inProject } from "../../tools/project.ts";
import { type BrowserKind, launchBrowser } from "../e2e/browsers.ts";
import { runVectors, SETS, type SetName, type Tally, type VectorFile } from "./wycheproof.ts";

/** Beginning of the range; the next free one is taken. */
const PORT = 17_500;

export const ENGINES = ["node", "chromium", "firefox"] as const;
export type EngineName = (typeof ENGINES)[number];
type Files = Readonly<Record<SetName, VectorFile>>;

/** Reads the vector files of a folder. @throws when one of them is missing. */
export async function readVectors(folder: string): Promise<Files> {
  const files = SETS.map(async (name) => {
    const text = await readFile(join(folder, `${name}_test.json`), "utf8");
    return [name, JSON.parse(text) as VectorFile] as const;
  });
  return Object.fromEntries(await Promise.all(files)) as Files;
}

/** Runs all vectors in one engine. */
export async function runIn(engine: EngineName, files: Files): Promise<readonly Tally[]> {
  return engine === "node" ? runVectors(files) : runInBrowser(engine, files);
}

async function runInBrowser(kind: BrowserKind, files: Files): Promise<readonly Tally[]> {
  const server = await serveSource();
  try {
    const browser = await launchBrowser(kind);
    try {
      const page = await browser.newPage();
      await page.goto(new URL("test/vectors/index.html", server.resolvedUrls?.local[0]).href);
      return await page.evaluate(async (vectors) => {
        // The page's own import, not this module's: the browser loads the source from the server.
        const path = "/test/vectors/wycheproof.ts";
        const module = (await import(path)) as { runVectors: (vectors: unknown) => Promise<readonly Tally[]> };
        return module.runVectors(vectors);
      }, files);
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

/** The project's own files, TypeScript stripped, on the loopback. */
async function serveSource(): Promise<ViteDevServer> {
  const server = await createServer({
    configFile: false,
    root: inProject(""),
    logLevel: "error",
    cacheDir: join(tmpdir(), "alcove-vectors"),
    server: { host: "localhost", port: PORT, watch: null, hmr: false },
    optimizeDeps: { noDiscovery: true, include: [] },
  });
  return server.listen();
}
