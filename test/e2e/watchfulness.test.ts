/** The watchers of the other stories can see: what would have to fail there fails here. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launchBrowser } from "./browsers.ts";
import { findTexts } from "./canaries.ts";
import { Troubles } from "./troubles.ts";
import { until } from "./waiting.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const PORT = await claimPorts();
const HOME = `http://localhost:${PORT}`;
const POLICY = "default-src 'none'; img-src 'self'; script-src 'self'; connect-src 'self'; worker-src 'self'";

let server: Server;

before(async () => {
  server = createServer((request, response) => {
    const script = request.url?.endsWith(".js") === true;
    response.setHeader("content-type", script ? "text/javascript" : "text/html");
    response.setHeader("content-security-policy", POLICY);
    response.end(script ? "console.error('from a worker'); throw new Error('thrown in a worker')" : "<p>page</p>");
  });
  await new Promise<void>((resolve) => server.listen(PORT, resolve));
});
after(() => server.close());

for (const kind of ["chromium", "firefox"] as const) {
  test(`errors of page and worker, forbidden requests and scripts are noticed in ${kind}`, async () => {
    const browser = await launchBrowser(kind);
    try {
      const page = await browser.newPage();
      const troubles = new Troubles(HOME);
      troubles.watch(page);
      await page.goto(HOME);
      assert.deepEqual(troubles.found, []);
      const noticed = (pattern: RegExp) =>
        until(`${kind} tells of ${pattern}`, () => troubles.found.some((trouble) => pattern.test(trouble)), {
          describe: async () => troubles.found,
        });
      await page.evaluate(() => console.error("from the page"));
      await noticed(/from the page/);
      await page.evaluate(() => setTimeout(() => Reflect.apply(undefined as unknown as () => void, undefined, []), 0));
      await noticed(/uncaught/);
      await page.evaluate(() => {
        const image = document.createElement("img");
        image.src = "http://elsewhere.example/pixel.png";
        document.body.append(image);
      });
      await noticed(/Content.Security.Policy|request to http:\/\/elsewhere\.example/i);
      await page.evaluate(() => {
        new Worker("/worker.js", { type: "module" });
      });
      await noticed(/from a worker/);
    } finally {
      await browser.close();
    }
  });
}

test("a text is found however it is written down", async () => {
  const folder = await mkdtemp(join(tmpdir(), "alcove-canaries-"));
  const text = "canary-f00d";
  const writings = {
    plain: Buffer.from(`before ${text} after`),
    wide: Buffer.from(`before ${text} after`, "utf16le"),
    ...Object.fromEntries(
      ["", "x", "xy"].map((prefix) => [
        `base64-${prefix.length}`,
        Buffer.from(Buffer.from(`${prefix}${text} and more`).toString("base64")),
      ]),
    ),
  };
  try {
    for (const [name, bytes] of Object.entries(writings)) {
      const path = join(folder, name);
      await writeFile(path, bytes);
      assert.notDeepEqual(await findTexts([path], [text]), [], name);
      assert.deepEqual(await findTexts([path], ["canary-beef"]), [], name);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
