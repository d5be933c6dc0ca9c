/** What a browser fetches before it shows anything, and what it does not. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { inProject } from "../../tools/project.ts";

const ASSETS = inProject("dist/web/assets");
const LIMIT_BYTES = 60_000;
/** Fetched two seconds after the first screen, by everybody. */
const ASIDE_BYTES = 45_000;

async function script(name: string): Promise<string> {
  const found = (await readdir(ASSETS)).filter((file) => file.startsWith(`${name}-`) && file.endsWith(".js"));
  assert.equal(found.length, 1, `one script is called ${name}`);
  return readFile(join(ASSETS, found[0] ?? ""), "utf8");
}

test("the script of the first screen is fetched in at most 60 kB", async () => {
  const { length } = gzipSync(await script("index"));
  assert.ok(length <= LIMIT_BYTES, `${length} bytes`);
});

test("dialogs, devices, members, the menu of a message and failures, and their words, are not part of it", async () => {
  const [first, aside, menu, failures] = await Promise.all(["index", "aside", "menus", "failures"].map(script));
  for (const words of [
    "sign-out--erase-text",
    "room--members-lead-open",
    "device--accept-compared",
    "settings--privacy-note",
  ]) {
    assert.ok(aside?.includes(words), `${words} is fetched later`);
    assert.ok(!first?.includes(words), `${words} is on no first screen`);
  }
  for (const words of ["failure--bad-certificate", "room-failure--nobody-else", "wait--moment"]) {
    assert.ok(failures?.includes(words), `${words} is fetched later`);
    assert.ok(!first?.includes(words), `${words} is on no first screen`);
  }
  for (const part of ["floating-menu", "emoji-picker", "completion-offer"]) assert.ok(menu?.includes(part), part);
  assert.ok(!first?.includes("floating-menu") && !first?.includes("emoji-picker"));
});

test("what everybody fetches a moment later holds neither the dialogs nor the other screens: these are two scripts", async () => {
  const [aside, dialogs, screens] = await Promise.all(["aside", "every-dialog", "screens"].map(script));
  const bytes = gzipSync(aside ?? "").length;
  assert.ok(bytes <= ASIDE_BYTES, `${bytes} bytes`);
  for (const part of [dialogs, screens]) assert.match(part ?? "", /from"\.\/aside-[\w-]+\.js"/);
});

test("how the page looks is decided before it is painted, by a small script that the page waits for", async () => {
  assert.ok(gzipSync(await script("look")).length < 1_000);
  const page = await readFile(inProject("dist/web/index.html"), "utf8");
  assert.match(page, /<script crossorigin src="\/assets\/look-[\w-]+\.js" integrity="sha384-[\w+/]{64}"><\/script>/);
});

test("other languages are fetched where they are read, each as one script", async () => {
  const [first, german, arabic] = await Promise.all(["index", "de", "ar"].map(script));
  assert.ok(german?.includes("Unterhaltungen") && arabic?.includes("المحادثات"));
  assert.ok(!first?.includes("Unterhaltungen") && !first?.includes("المحادثات"));
});

test("the page says where each later script is and which hash it has", async () => {
  const page = await readFile(inProject("dist/web/index.html"), "utf8");
  for (const name of "ar aside de emoji-lines every-dialog failures menus picture qr screens".split(" "))
    assert.match(
      page,
      new RegExp(`<meta name="later-${name}" content="/assets/${name}-[\\w-]+\\.js sha384-[\\w+/]{64}"`),
    );
});
