/** One's own server as people meet it: real browsers, TLS by the distribution's nginx, a real Prosody on the same machine. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { ElementHandle } from "puppeteer-core";
import type { Person } from "../e2e/person.ts";
import { Story } from "../e2e/story.ts";
import { until } from "../e2e/waiting.ts";
import { ALICE, BOB } from "../stack.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import { type Nginx, startNginx } from "./nginx.ts";
import { releaseOf, startOnStack } from "./on-stack.ts";
import { operate } from "./own-server.ts";

const basePort = await claimPorts();
const TLS_PORT = basePort + 6;
const origin = `https://localhost:${TLS_PORT}`;
let nginx: Nginx | undefined;
/** Where the server is started; another one after a restore. */
let data: string | undefined;

const story = Story.stage({
  name: "behind-nginx",
  basePort,
  endpoint: "starttls",
  start: async (options) => {
    if (nginx === undefined) {
      nginx = await startNginx(join(options.persist, "nginx"), TLS_PORT, options.port);
      setDefaultCACertificates([...getCACertificates(), await readFile(nginx.ca, "utf8")]);
    }
    return startOnStack(options, { origin, data });
  },
});
after(() => nginx?.group.stop());

let a: Person;
let b: Person;
let bob: Person;

const trusting = (called: string) => ({ called, ...(nginx && { trusts: nginx.key }) });

story.test("D12: alice signs in with two browsers and bob with one, behind nginx with TLS", async () => {
  [a, bob] = await Promise.all([story.signedIn(ALICE, trusting("alice in A")), story.signedIn(BOB, trusting("bob"))]);
  b = await story.signedIn(ALICE, trusting("alice in B"));
  assert.equal(await a.page.evaluate(() => location.origin), origin);
  assert.equal(await a.page.evaluate(() => isSecureContext), true);
});

story.test("they write, all read, in the same order", async () => {
  await Promise.all([a.openChat("bob"), b.openChat("bob"), bob.openChat("alice")]);
  await a.send("from A");
  await Promise.all([b.sees("from A"), bob.sees("from A")]);
  await bob.send("from bob");
  await Promise.all([a.sees("from bob"), b.sees("from bob")]);
  await b.send("from B");
  await Promise.all([a, b, bob].map((one) => one.seesInOrder(["from A", "from bob", "from B"])));
  assert.equal(await a.encryption(), "on");
});

story.test("D12, 0363: a file of 30 MB goes through nginx, both ways, and arrives whole", async () => {
  const path = join(dirname(story.stack.workerLog), "long.bin");
  await writeFile(path, randomBytes(30_000_000));
  const input = (await a.page.$("input[type=file]")) as ElementHandle<HTMLInputElement> | null;
  assert.ok(input);
  await input.uploadFile(path);
  await until("it is in the tray", () => a.page.evaluate(() => document.querySelectorAll(".tray-file").length === 1));
  await a.press("Send");
  const line = () => bob.page.evaluate(() => document.querySelector(".file-line")?.textContent ?? "");
  await until("bob has its line", async () => (await line()) !== "");
  await bob.press("Get it");
  const saved = () => bob.page.evaluate(() => document.querySelector(".file-line .icon-save") !== null);
  await until("it has come, and its tag is right", saved, { describe: line });
  assert.match(await line(), /30 MB/);
});

story.test("D12: killed and started again, pages come back by themselves, and the session is resumed", async () => {
  const binds = await story.stack.xmpp.binds("alice@localhost");
  await story.outage(async () => {
    await story.stack.killWorker();
    // nginx answers in its place meanwhile.
    await a.send("written while it was dead");
    await story.stack.startWorker();
    await bob.sees("written while it was dead");
  });
  await b.sees("written while it was dead");
  await a.isMarked("written while it was dead", "sent", "delivered", "read");
  assert.equal(await story.stack.xmpp.binds("alice@localhost"), binds, "XEP-0198: the same session");
});

story.test("D12: ended in order and started again, the same", async () => {
  await story.outage(async () => {
    await story.stack.stopWorker();
    await bob.send("written while it was away");
    await story.stack.startWorker();
    await a.sees("written while it was away");
  });
  await Promise.all([a, bob].map((one) => until("a page is connected", async () => (await lineOf(one)) === "")));
});

story.test("D12: copied while it runs and started on the copy, everybody goes on where they were", async () => {
  const before = story.stack.workerLog.replace(/\.log$/, "");
  const copy = `${before}-copy`;
  await a.send("the last words in the copy");
  await bob.sees("the last words in the copy");
  await operate(releaseOf(dirname(before)), before, "--backup", copy);
  await story.outage(async () => {
    await story.stack.stopWorker();
    data = copy;
    await story.stack.startWorker();
    await bob.send("the first on the copy");
    await Promise.all([a, b].map((one) => one.sees("the first on the copy")));
  });
  await a.reload();
  await a.sees("the first on the copy");
  await a.sees("from A");
});

const lineOf = (person: Person) =>
  person.page.evaluate(() => document.querySelector("[data-testid=connection]")?.textContent ?? "");
