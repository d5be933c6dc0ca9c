/** `npm run xss [-- KIND ...]`: every payload, or those of the kinds whose names hold a word, through every place of the page. */
import { PAYLOADS } from "./payloads.ts";
import { runXss, XssStage } from "./xss.ts";

const wanted = process.argv.slice(2);
const kinds = Object.entries(PAYLOADS).filter(
  ([kind]) => wanted.length === 0 || wanted.some((word) => kind.includes(word)),
);
const stage = await XssStage.open();
try {
  const payloads = kinds.flatMap(([, texts]) => texts);
  const count = await runXss(stage, payloads, (done, bad) => {
    if (done % 25 === 0) process.stdout.write(`${done} of ${payloads.length}, ${bad} that should not be\n`);
  });
  const bad = { executions: count.executions, reports: count.reports, requests: count.requests, broken: count.broken };
  for (const [what, found] of Object.entries(bad)) for (const one of found) process.stdout.write(`${what}: ${one}\n`);
  for (const one of count.stuck) process.stdout.write(`the walk never met: ${one}\n`);
  for (const one of count.missing) process.stdout.write(`not shown in its own letters: ${one}\n`);
  process.stdout.write(
    `${count.payloads} payloads of ${kinds.length} kinds in ${count.places.size} places: ${count.shown} shown as words, ` +
      `${count.executions.length} executions, ${count.reports.length} reports, ${count.requests.length} requests, ` +
      `${count.broken.length} elements or attributes; the walk was stuck ${count.stuck.length} times\n`,
  );
  process.exitCode = Object.values(bad).some((found) => found.length > 0) ? 1 : count.stuck.length > 0 ? 2 : 0;
} finally {
  await stage.close();
}
