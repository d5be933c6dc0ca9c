/** The screens with a scripted engine, served on the loopback and opened in a real browser. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, type Page } from "puppeteer-core";
import { createServer, type Plugin } from "vite";

export const READY_TIMEOUT_MS = 20_000;
/** Beginning of the range; the next free one is taken. */
const PORT = 16_300;

/** Catalogues are served as scripts: a browser that was told of JSON would refuse them. */
const CATALOGUES_AS_SCRIPTS: Plugin = {
  name: "catalogues-as-scripts",
  enforce: "pre",
  transform: (code, id) =>
    id.endsWith("/i18n/languages.ts") ? code.replaceAll(', { with: { type: "json" } }', "") : undefined,
};

export type Stage = { readonly page: Page; readonly address: string; readonly close: () => Promise<void> };

/** `address?scene=<name>` shows a scene; `<html data-ready>` says that it stands. */
export async function openStage(): Promise<Stage> {
  const server = await createServer({
    configFile: false,
    root: fileURLToPath(new URL("../..", import.meta.url)),
    logLevel: "error",
    plugins: [CATALOGUES_AS_SCRIPTS],
    cacheDir: join(tmpdir(), "alcove-screens"),
    server: { host: "127.0.0.1", port: PORT, watch: null, hmr: false },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    optimizeDeps: { noDiscovery: true, include: [] },
  });
  await server.listen();
  const browser = await launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--headless=new",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // As with a mouse: there is none here, and what appears under one would never be seen.
      "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
    ],
  });
  return {
    page: await browser.newPage(),
    address: new URL("test/screens/index.html", server.resolvedUrls?.local[0]).href,
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}
