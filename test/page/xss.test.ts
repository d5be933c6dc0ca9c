/** A part of the corpus through every place of the built page; all of it: `npm run xss`. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../e2e/waiting.ts";
import { OWN } from "./hostile-world.ts";
import { PAYLOADS } from "./payloads.ts";
import { runXss, XssStage } from "./xss.ts";

/** Of each kind the first, and one from its middle. */
const SAMPLE = Object.values(PAYLOADS).flatMap((texts) =>
  [texts[0], texts[Math.floor(texts.length / 2)]].flatMap((one) => one ?? []),
);
const PLAIN = "plain words";

let stage: XssStage;
before(async () => {
  stage = await XssStage.open();
});
after(() => stage?.close());

test("the corpus has at least 300 texts, none of them twice", () => {
  const all = Object.values(PAYLOADS).flat();
  assert.ok(all.length >= 300, String(all.length));
  assert.equal(new Set(all).size, all.length);
});

test("T59: plain words stand in every place that is looked at", async () => {
  const { seen, broken, stuck } = await stage.walk(PLAIN, "certain");
  assert.deepEqual([...broken, ...stuck], []);
  assert.deepEqual(
    Object.keys(seen).filter((place) => seen[place] !== true),
    [],
  );
  assert.ok(Object.keys(seen).length >= 40, String(Object.keys(seen).length));
});

test("T59: what runs, what is refused and what is asked for is noticed", async () => {
  await stage.page.evaluate(() => {
    const image = document.createElement("img");
    image.src = "//evil.example/x";
    document.body.append(image);
    (globalThis as unknown as { readonly alert: (words: string) => void }).alert("x");
    try {
      image.innerHTML = "<b>x</b>";
    } catch {
      // Trusted Types refuse it, and say so.
    }
  });
  const kinds = ["img-src", "require-trusted-types-for"];
  const isNoted = async () => {
    const { reports } = await stage.noted();
    return kinds.every((kind) => reports.some((report) => report.startsWith(kind)));
  };
  await until("both are noted", isNoted);
  await stage.page.evaluate(() => {
    for (const image of document.querySelectorAll("body > img")) image.remove();
  });
  const { ran, reports } = await stage.noted();
  assert.deepEqual(ran, ["alert"]);
  assert.ok(
    reports.some((report) => report.startsWith("img-src")),
    reports.join("\n"),
  );
  assert.ok(
    reports.some((report) => report.startsWith("require-trusted-types-for")),
    reports.join("\n"),
  );
  await stage.forget();
});

test("S20: of what nobody has caught the console is told the class, by the page and not by the browser", async () => {
  const written: string[] = [];
  stage.page.on("console", (message) => written.push(message.text()));
  stage.page.on("pageerror", (error) => written.push(String(error)));
  await stage.page.evaluate(() =>
    new BroadcastChannel("hostile-orders").postMessage({ act: "break", words: "hunter2" }),
  );
  await until("it is told", () => written.length > 0);
  await stage.walk(PLAIN);
  assert.deepEqual(written, ["uncaught failure TypeError"]);
});

test("a script that is fetched later runs, by the hash that the page names", async () => {
  await stage.page.evaluate((account) => {
    const entry = { account, place: { screen: "devices" }, pushed: true };
    history.replaceState(entry, "");
    dispatchEvent(new PopStateEvent("popstate", { state: entry }));
  }, OWN);
  const shows = await stage.page.waitForSelector("::-p-text(Show my code)");
  await shows?.click();
  await stage.page.waitForSelector("svg.qr-code path[d^=M]");
  await stage.page.keyboard.press("Escape");
  const { reports, requests } = await stage.noted();
  assert.deepEqual([...reports, ...requests], []);
});

test("T59: hostile words are words in every place: nothing runs, nothing is refused, nothing is asked for", async () => {
  const count = await runXss(stage, SAMPLE);
  assert.deepEqual(count.executions, []);
  assert.deepEqual(count.reports, []);
  assert.deepEqual(count.requests, []);
  assert.deepEqual(count.broken, []);
  assert.deepEqual(count.stuck, [], "the walk went everywhere");
});
