/**
 * `npm run xss [-- KIND ...]`: every payload, or those of the kinds whose names hold a word, through every place of the page.
 * With `--real` what peers on a real server send, by the real engine.
 */
import { PAYLOADS } from "./payloads.ts";
import { RealStage } from "./real.ts";
import { runXss, XssStage } from "./xss.ts";

const real = process.argv.includes("--real");
const wanted = process.argv.slice(2).filter((word) => word !== "--real");
const kinds = Object.entries(PAYLOADS).filter(
  ([kind]) => wanted.length === 0 || wanted.some((word) => kind.includes(word)),
);
const payloads = kinds.flatMap(([, texts]) => texts);
const begun = Date.now();

type Found = Readonly<
  Record<"executions" | "reports" | "requests" | "broken" | "stuck" | "missing", readonly string[]>
>;

function tell(found: Found, places: Readonly<Record<string, number>>, more: string): void {
  const { executions, reports, requests, broken, stuck, missing } = found;
  const bad = { executions, reports, requests, broken, stuck };
  for (const one of missing) process.stdout.write(`not shown in its own letters: ${one}\n`);
  for (const [what, all] of Object.entries(bad)) for (const one of all) process.stdout.write(`${what}: ${one}\n`);
  for (const [place, shown] of Object.entries(places)) process.stdout.write(`${String(shown).padStart(5)}  ${place}\n`);
  const shown = Object.values(places).reduce((sum, one) => sum + one, 0);
  process.stdout.write(
    `${payloads.length} payloads of ${kinds.length} kinds in ${Object.keys(places).length} places: ${shown} shown as words, ` +
      `${missing.length} in other letters${more}; ${executions.length} executions, ${reports.length} reports, ` +
      `${requests.length} requests, ${broken.length} elements or attributes; stuck ${stuck.length} times; ` +
      `${Math.round((Date.now() - begun) / 1_000)} s\n`,
  );
  process.exitCode = Object.values(bad).some((all) => all.length > 0) ? 1 : 0;
}

const progress = (done: number): void => {
  if (done % 50 === 0) process.stdout.write(`${done} of ${payloads.length}\n`);
};

if (real) {
  const stage = await RealStage.open();
  try {
    const count = await stage.run(payloads, progress);
    tell({ ...count, stuck: [] }, count.shown, `, ${count.refused} nicknames refused by the server`);
  } finally {
    await stage.close();
  }
} else {
  const stage = await XssStage.open();
  try {
    const count = await runXss(stage, payloads, progress);
    tell(count, count.shown, "");
  } finally {
    await stage.close();
  }
}
