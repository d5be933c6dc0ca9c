import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import puppeteer, { type SupportedBrowser } from "puppeteer-core";
import { startDevWorker } from "../../tools/dev-worker.ts";
import { startStack, type Stack } from "../stack.ts";

const BROWSERS: readonly { readonly browser: SupportedBrowser; readonly path: string; readonly args: string[] }[] = [
  { browser: "chrome", path: "/usr/bin/chromium", args: ["--no-sandbox"] },
  { browser: "firefox", path: "/usr/bin/firefox-esr", args: [] },
];
let stack: Stack;

before(async () => {
  stack = await startStack({
    name: "cookies",
    endpoint: "tls",
    entry: "test/tools/stub-worker.js",
    start: startDevWorker,
  });
});

after(() => stack.stop());

for (const { browser, path, args } of BROWSERS) {
  test(`${browser} keeps a __Host- cookie of http://localhost and sends it back`, async () => {
    const running = await puppeteer.launch({ browser, executablePath: path, args, headless: true });
    try {
      const page = await running.newPage();
      await page.goto(stack.url);
      const seen = await page.evaluate(async () => {
        await fetch("/api/enter", { method: "POST" });
        const reply = await fetch("/api/whoami", { method: "POST" });
        return (await reply.json()) as { cookie: string | null; origin: string | null };
      });
      assert.deepEqual(seen, { cookie: "__Host-stub=1", origin: stack.url });
    } finally {
      await running.close();
    }
  });
}
