/**
 * 5,000 contacts come online one after the other, as at every beginning of a stream, and the object tells them in frames of
 * hundreds: what that costs the engine and the page, each by itself with the real code, and together.
 */
import { performance } from "node:perf_hooks";
import type { BareJid } from "../../worker/contract/names.ts";
import type { PresenceInfo } from "../../worker/contract/state.ts";
import { ALICE, Fixture } from "../../web/engine/testing/fixture.ts";
import { until } from "../../web/engine/testing/browser.ts";
import { openStage, READY_TIMEOUT_MS } from "../screens/stage.ts";

const PEOPLE = 5_000;
const GOAL_MS = 1_000;
const VIEWPORT = { width: 1180, height: 760 } as const;
/** People in one frame: a stream brings more in the time between two. */
const PIECE = 500;

const person = (n: number) => `p${n}@b.example` as BareJid;

/** Prints a line for each part and for all. */
export async function measureRoster(): Promise<string> {
  const engine = await measureEngine();
  const page = await measurePage();
  const all = engine + page.ms;
  return [
    `5,000 contacts come online (goal: ${GOAL_MS} ms together)`,
    `  engine  ${Math.round(engine)} ms`,
    `  page    ${Math.round(page.ms)} ms in Chromium, ${page.rows} rows drawn`,
    `  all     ${Math.round(all)} ms: ${all <= GOAL_MS ? "reached" : "missed"}`,
  ].join("\n");
}

/** From frames to what the page is told. */
async function measureEngine(): Promise<number> {
  const fixture = new Fixture();
  const { engine, events } = await fixture.browser(ALICE);
  const object = fixture.object(ALICE);
  for (let n = 0; n < PEOPLE; n += 1)
    object.append({ kind: "contact", jid: person(n), subscription: "both", asked: false, request: false } as never);
  await until(() => engine.snapshot().chats.length >= PEOPLE);
  events.length = 0;
  const online = () => events.reduce((sum, event) => sum + (event.type === "chats" ? event.chats.length : 0), 0);
  const started = performance.now();
  for (let at = 0; at < PEOPLE; at += PIECE) object.tell({ type: "presence", presence: piece(at) });
  await until(() => online() >= PEOPLE);
  const ms = performance.now() - started;
  await fixture.end();
  return ms;
}

/** From what the engine tells to what is drawn. */
async function measurePage(): Promise<{ readonly ms: number; readonly rows: number }> {
  const stage = await openStage();
  try {
    const { page, address } = stage;
    await page.setViewport(VIEWPORT);
    await page.goto(`${address}?scene=roster`);
    await page.waitForSelector('html[data-ready="roster"]', { timeout: READY_TIMEOUT_MS });
    const ms = await page.evaluate(`(async () => {
      const { app, engine } = globalThis;
      const all = [...app.chats.peek().values()].map((chat) => ({ ...chat, available: true }));
      const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      await drawn();
      const started = performance.now();
      for (let at = 0; at < all.length; at += ${PIECE}) {
        engine.tell({ type: "chats", chats: all.slice(at, at + ${PIECE}), removed: [] });
        await drawn();
      }
      return performance.now() - started;
    })()`);
    const rows = await page.evaluate(`document.querySelectorAll("[role=option]").length`);
    return { ms: Number(ms), rows: Number(rows) };
  } finally {
    await stage.close();
  }
}

function piece(at: number): readonly PresenceInfo[] {
  return Array.from({ length: PIECE }, (_, n) => ({ jid: person(at + n), available: true }));
}
