/**
 * Pictures and files (issue's figures): from the press to the bubble, from a photo that is chosen to the contact's screen, a
 * large file beside one that a program copies over the same road, and 500 pictures scrolled through.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ElementHandle } from "puppeteer-core";
import { drain, memoryOf as workerMemoryOf, name, slotOf, stream } from "../account/files.ts";
import { ALICE as ALICES, BOB as BOBS, browserOf } from "../account/people.ts";
import { Person } from "../e2e/person.ts";
import { until } from "../e2e/waiting.ts";
import { ALICE, BOB, type Stack, startStack } from "../stack.ts";
import { LARGE_FILES } from "../xmpp-server/large-files.ts";
import { nextPicture, photo, seedPictures, sendPhoto } from "./media-pictures.ts";
import { table } from "./samples.ts";
import { sharedOnceOf } from "./siege/memory.ts";
import { budgetRow, figureRow, type Rows, scrollThrough } from "./ui/budget.ts";

const PHOTO = { width: 4_000, height: 3_000, bytes: 5_500_000 } as const;
const ROUNDS = 8;
const PAUSE_MS = 1_500;
const LARGE_BYTES = 100_000_000;
const LARGE_MS = 240_000;
const SAMPLE_MS = 100;
const MEGABYTE = 1_000_000;
const PICTURES = 500;
const STEP_PX = 300;
const GOALS = { bubble: [100, 100], arrives: [1_500, 1_500], frame: [25, 25] } as const;
const SPEED_LEAST = 0.6;
const MEMORY_MOST_MB = 64;
/** As `ui` allows: whole pixels on either side of a row. */
const DRIFT_MAX_PX = 1.5;

const PARTS = { large: measureLarge, photos: measurePhotos, scroll: measureScroll } as const;

/** Prints the table. `only`: some of `PARTS`. */
export async function measureMedia(only: readonly string[] = []): Promise<string> {
  const stack = await startStack({
    name: "bench-media",
    endpoint: "starttls",
    xmppConfig: `${LARGE_FILES}http_file_share_size_limit = 128 * 1024 * 1024
http_file_share_daily_quota = 4 * 1024 * 1024 * 1024`,
  });
  try {
    const rows: (readonly string[])[] = [];
    // Large files first: see there. What one part lacks is no loss of the others.
    for (const [part, measure] of Object.entries(PARTS))
      if (only.length === 0 || only.includes(part))
        rows.push(...(await measure(stack).catch((error: unknown) => [[part, String(error), "", "", "MISSED"]])));
    return table([["pictures and files", "median", "95 %", "goal", ""], ...rows]);
  } finally {
    await stack.stop();
  }
}

async function twoPeople(stack: Stack): Promise<readonly [Person, Person]> {
  const alice = await Person.open(stack, { called: "alice" });
  const bob = await Person.open(stack, { called: "bob" });
  await alice.signIn(ALICE);
  await bob.signIn(BOB);
  await alice.openChat("bob");
  await alice.send("first a word");
  await bob.openChat("alice");
  await bob.sees("first a word");
  await bob.send("and one back");
  await alice.sees("and one back");
  return [alice, bob];
}

async function measurePhotos(stack: Stack): Promise<Rows> {
  const [alice, bob] = await twoPeople(stack);
  try {
    const size = await alice.page.evaluate(photo, PHOTO.width, PHOTO.height, PHOTO.bytes);
    const rows: (readonly string[])[] = [];
    for (const original of [false, true]) {
      const samples = { tray: [], bubble: [], arrives: [] } as Record<"tray" | "bubble" | "arrives", number[]>;
      for (let round = 0; round < ROUNDS; round += 1) {
        const arrival = bob.page.evaluate(nextPicture);
        const { chosen, tray, pressed, bubble } = await alice.page.evaluate(sendPhoto, original);
        const arrived = await arrival;
        samples.tray.push(tray - chosen);
        samples.bubble.push(bubble - pressed);
        samples.arrives.push(arrived - chosen);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
      const how = original ? "in full size" : "as it usually goes";
      rows.push(
        budgetRow(`a photo of ${size} ${how}: chosen → it waits in the tray`, samples.tray, GOALS.bubble),
        budgetRow("sent → own bubble", samples.bubble, GOALS.bubble),
        budgetRow("chosen, and sent at once → on the contact's screen", samples.arrives, GOALS.arrives),
      );
    }
    return rows;
  } finally {
    await alice.close();
    await bob.close();
  }
}

/** Milliseconds, and how many megabytes more than before there were at most, in a browser and in the Worker. */
async function observed(person: Person, stack: Stack, act: () => Promise<void>) {
  const group = person.page.browser().process()?.pid ?? 0;
  const worker = await workerMemoryOf(stack);
  await worker.forget();
  const [before, workerBefore] = [await sharedOnceOf(group), await worker.now()];
  let most = before;
  let going = true;
  const watching = (async () => {
    while (going) {
      most = Math.max(most, await sharedOnceOf(group));
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    }
  })();
  const began = performance.now();
  await act();
  const ms = performance.now() - began;
  going = false;
  await watching;
  return { ms, more: most - before, workerMore: ((await worker.most()) - workerBefore) / MEGABYTE };
}

/** What the same road takes for the same bytes of a program that neither encrypts nor keeps them. Milliseconds. */
async function copied(stack: Stack): Promise<{ readonly up: number; readonly down: number }> {
  const script = await browserOf(stack, ALICES);
  const began = performance.now();
  const { ticket, url } = await slotOf(script, { size: LARGE_BYTES });
  await stream(script, ticket, LARGE_BYTES);
  const up = performance.now() - began;
  const message = await name(script, BOBS, url);
  const asked = performance.now();
  await drain(await script.getFile({ message, url }));
  return { up, down: performance.now() - asked };
}

async function measureLarge(stack: Stack): Promise<Rows> {
  const folder = await mkdtemp(join(tmpdir(), "alcove-bench-"));
  // First: in a conversation that was encrypted nobody says a link in clear.
  const { up, down } = await copied(stack);
  const [alice, bob] = await twoPeople(stack);
  try {
    const path = join(folder, "large.bin");
    await writeFile(path, randomBytes(LARGE_BYTES));
    const input = (await alice.page.$("input[type=file]")) as ElementHandle<HTMLInputElement>;
    const isThere = (person: Person) =>
      person.page.evaluate(() => {
        const line = [...document.querySelectorAll<HTMLElement>(".file-line")].find((one) =>
          one.textContent?.includes("large.bin"),
        );
        return (
          line !== undefined && line.querySelector("progress") === null && line.querySelector(".icon-save") !== null
        );
      });
    await input.uploadFile(path);
    await until("it waits", () => alice.page.evaluate(() => document.querySelector(".tray-file") !== null));
    const sent = await observed(alice, stack, async () => {
      await alice.press("Send");
      await until("bob has its line", () => bob.page.evaluate(() => document.querySelector(".file-line") !== null), {
        withinMs: LARGE_MS,
      });
    });
    const got = await observed(bob, stack, async () => {
      await bob.press("Get it");
      await until("bob can save it", () => isThere(bob), { withinMs: LARGE_MS });
    });
    const speed = (plain: number, ours: number) => {
      const part = plain / ours;
      const words = `${(LARGE_BYTES / 1_000 / ours).toFixed(0)} MB/s, ${Math.round(100 * part)} %`;
      return [words, "", `${100 * SPEED_LEAST} %`, part >= SPEED_LEAST ? "met" : "MISSED"];
    };
    const memory = (who: string, { more, workerMore }: typeof sent) => [
      figureRow(`more memory of ${who} browser meanwhile`, more, MEMORY_MOST_MB, "MB"),
      figureRow("and of the Worker", workerMore, MEMORY_MOST_MB, "MB"),
    ];
    return [
      [`100 MB sent, of a program's ${(LARGE_BYTES / 1_000 / up).toFixed(0)} MB/s`, ...speed(up, sent.ms)],
      ...memory("the sender's", sent),
      [`100 MB fetched, of a program's ${(LARGE_BYTES / 1_000 / down).toFixed(0)} MB/s`, ...speed(down, got.ms)],
      ...memory("the contact's", got),
    ];
  } finally {
    await alice.close();
    await bob.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureScroll(stack: Stack): Promise<Rows> {
  const alice = await Person.open(stack, { called: "alice" });
  try {
    await alice.signIn(ALICE);
    const account = `${ALICE.name}@localhost`;
    const chat = BOBS;
    // A contact's pictures come by themselves.
    await alice.page.evaluate(seedPictures, `alcove:${account}`, account, chat, PICTURES);
    await alice.reload();
    await alice.isConnected();
    await alice.page.locator(`[role=option][data-jid="${chat}"]`).click();
    await until("pictures are there", () =>
      alice.page.evaluate(() => document.querySelectorAll(".file-open img").length > 2),
    );
    const { frames, drift, passed, stopped } = await alice.page.evaluate(
      scrollThrough,
      ".scroller",
      "li[data-key]",
      -STEP_PX,
    );
    if (passed < PICTURES) throw new Error(`${passed} of ${PICTURES} pictures were scrolled through: ${stopped}`);
    return [
      budgetRow(`a frame while ${PICTURES} pictures are scrolled through`, frames, GOALS.frame),
      figureRow("how far a row in sight moved meanwhile", drift, DRIFT_MAX_PX, "px"),
    ];
  } finally {
    await alice.close();
  }
}
