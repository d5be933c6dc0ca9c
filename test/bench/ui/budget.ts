/** What the page may take, and the line that says whether it does. */
import type { Page } from "puppeteer-core";
import { median, quantile } from "../samples.ts";

/** A line of the table: what, median, 95 %, goal, verdict. */
export type Rows = readonly (readonly string[])[];

/** For the median and for 95 %. */
export type Goal = readonly [most: number, rarely: number];

export const SLOWER = 4;

export function budgetRow(name: string, samples: readonly number[], goal: Goal, unit = "ms"): readonly string[] {
  const [middle, late] = [median(samples), quantile(samples, 0.95)];
  const verdict = middle <= goal[0] && late <= goal[1] ? "met" : "MISSED";
  const places = unit === "MB" ? 1 : 0;
  return [
    name,
    `${middle.toFixed(places)} ${unit}`,
    `${late.toFixed(places)} ${unit}`,
    `${goal.join(" / ")} ${unit}`,
    verdict,
  ];
}

/** For what is one figure and has no spread. */
export function figureRow(name: string, figure: number, most: number, unit: string): readonly string[] {
  return [name, `${Math.round(figure * 10) / 10} ${unit}`, "", `${most} ${unit}`, figure <= most ? "met" : "MISSED"];
}

/** While something is done, the page's own thread takes so many times as long for everything. */
export async function slowed<T>(page: Page, act: () => Promise<T>): Promise<T> {
  const session = await page.createCDPSession();
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  try {
    return await act();
  } finally {
    await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
    await session.detach();
  }
}

type Mark = { readonly name: string; readonly ts: number; readonly tts?: number };

/**
 * Milliseconds of the page's thread between the marks `<name> begins` and `<name> stands`, by name, as many times as the processor is slower;
 * without the first ones, while code is compiled (`warmUp`).
 * By the clock of the thread (`tts`): others' work does not count, nor what the page does afterwards.
 */
export async function workOf(
  page: Page,
  warmUp: number,
  work: () => Promise<unknown>,
): Promise<ReadonlyMap<string, readonly number[]>> {
  await page.tracing.start({ categories: ["blink.user_timing"] });
  await work();
  const { traceEvents } = JSON.parse(new TextDecoder().decode(await page.tracing.stop())) as { traceEvents: Mark[] };
  const begun = new Map<string, number>();
  const samples = new Map<string, number[]>();
  for (const { name, tts = Number.NaN } of traceEvents.toSorted((a, b) => a.ts - b.ts)) {
    const [what = "", is] = name.split(" ");
    if (is === "begins") begun.set(what, tts);
    else if (is === "stands")
      samples.set(what, [...(samples.get(what) ?? []), ((tts - (begun.get(what) ?? Number.NaN)) / 1_000) * SLOWER]);
  }
  return new Map([...samples].map(([what, all]) => [what, all.slice(warmUp)]));
}

/**
 * Scrolls what a selector finds, so many pixels a frame, until there is no more. Milliseconds of each frame in which it moved;
 * how many elements of `rows` there were at most, and how many in all came by; how far any of them was from where it should have
 * been after a step; the longest stop, in milliseconds, before more came; and what stood at the end. Runs in the page.
 */
export async function scrollThrough(where: string, rows: string, byPx: number) {
  const scroller = document.querySelector<HTMLElement>(where);
  if (scroller === null) throw new Error(`There is no ${where}`);
  const frame = () => new Promise<number>(requestAnimationFrame);
  /** Whatever is on its way has come by then. */
  const RESTING_MS = 3_000;
  const frames: number[] = [];
  const passed = new Set<string>();
  let [most, drift, ends, rest] = [0, 0, 0, 0];
  let before = await frame();
  while (rest < RESTING_MS) {
    const { top, bottom } = scroller.getBoundingClientRect();
    const all = [...scroller.querySelectorAll<HTMLElement>(rows)];
    const eye = all.find((row) => row.getBoundingClientRect().bottom > (top + bottom) / 2);
    const stood = eye?.getBoundingClientRect().top ?? 0;
    for (const { dataset } of all) passed.add(dataset["key"] ?? dataset["jid"] ?? "");
    const from = scroller.scrollTop;
    scroller.scrollBy(0, byPx);
    const moved = scroller.scrollTop - from;
    // Whoever scrolls by hand is heard of in the same frame; of a script's scrolling the page hears a frame later.
    scroller.dispatchEvent(new Event("scroll"));
    const now = await frame();
    most = Math.max(most, all.length);
    if (eye?.isConnected === true) drift = Math.max(drift, Math.abs(eye.getBoundingClientRect().top - stood + moved));
    // A frame in which nothing can move is no frame of a scroll.
    if (Math.abs(moved) < 1) rest += now - before;
    else {
      frames.push(now - before);
      ends = Math.max(ends, rest);
      rest = 0;
    }
    before = now;
  }
  const stopped = scroller.querySelector(rows)?.textContent ?? "";
  return { frames, most, drift, ends, passed: passed.size, stopped };
}
