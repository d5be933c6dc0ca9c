/** The screens with a scripted engine, served on the loopback and opened in a real browser. */
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { launch, type Page } from "puppeteer-core";
import { PATIENCE_MS } from "../e2e/waiting.ts";
import { bundleStage, STAGE_PAGE, STAGE_VARIABLE } from "../../tools/stage-bundle.ts";

export const READY_TIMEOUT_MS = PATIENCE_MS;
const TYPES: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

export type Stage = { readonly page: Page; readonly address: string; readonly close: () => Promise<void> };

export type StageOptions = {
  /** A script that was fetched for one scene is there for the next, as in a browser that comes again. Default: yes. */
  readonly keepsFetched?: boolean;
};

/** `address?scene=<name>` shows a scene; `<html data-ready>` says that it stands. */
export async function openStage({ keepsFetched = true }: StageOptions = {}): Promise<Stage> {
  const made = process.env[STAGE_VARIABLE];
  const own = made === undefined ? await mkdtemp(join(tmpdir(), "alcove-stage-")) : undefined;
  const server = await serve(made ?? (await bundleStage(own ?? "")), keepsFetched ? "max-age=3600" : "no-store");
  const browser = await launch({
    timeout: PATIENCE_MS,
    protocolTimeout: PATIENCE_MS,
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
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  return {
    page,
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${STAGE_PAGE}`,
    close: async () => {
      await browser.close();
      server.close();
      if (own !== undefined) await rm(own, { recursive: true, force: true });
    },
  };
}

/** A folder on a free port of the loopback. `cacheControl`: whether a browser keeps what it has of it (RFC 9111 §5.2). */
async function serve(folder: string, cacheControl: string): Promise<Server> {
  const server = createServer(({ url = "" }, response) => {
    const { pathname } = new URL(url, "http://stage");
    const type = `${TYPES[extname(pathname)] ?? "application/octet-stream"}; charset=utf-8`;
    readFile(join(folder, pathname)).then(
      (content) => response.writeHead(200, { "content-type": type, "cache-control": cacheControl }).end(content),
      // It is no file of the stage, which the browser's console says.
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
