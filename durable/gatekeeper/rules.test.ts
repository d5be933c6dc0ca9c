import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type AtOnceRow, type DailyRow, RULES, type TriesRow } from "./rules.ts";

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;

function span(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < MINUTE_S) return `${seconds} s`;
  return seconds < HOUR_S ? `${seconds / MINUTE_S} min` : `${seconds / HOUR_S} h`;
}

function limitOf(rule: TriesRow | AtOnceRow | DailyRow): string {
  switch (rule.kind) {
    case "tries":
      return `${rule.free} free, then ${span(rule.firstMs)} doubled up to ${span(rule.mostMs)}; forgotten after ${span(rule.forgetMs)}`;
    case "at once":
      return `${rule.most} at once, each for at most ${span(rule.heldMs)}`;
    case "in a day":
      return "`NEW_ACCOUNTS_A_DAY` in 24 h";
  }
}

test("S5: the table of the threat model is the table that is walked", () => {
  const document = readFileSync(fileURLToPath(new URL("../../docs/threat-model.md", import.meta.url).href), "utf8");
  const [, section = ""] = document.split("## Who may try a password\n");
  const written = section.split("\n## ")[0]?.match(/^\| `.*$/gm);
  const walked = Object.entries(RULES).map(
    ([name, rule]) => `| \`${name}\` | ${rule.counts} | ${limitOf(rule)} | ${rule.answers} |`,
  );
  assert.deepEqual(written, walked);
});
