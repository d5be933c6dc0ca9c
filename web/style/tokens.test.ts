import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

/** WCAG 2.2, 1.4.3 and 1.4.11. */
const TEXT_RATIO = 4.5;
const SHAPE_RATIO = 3;

type Theme = "light" | "dark";
type Linear = readonly [number, number, number];

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

function tokenOf(name: string, theme: Theme, hue: number): string {
  const value = new RegExp(`--${name}: (.+);`).exec(css)?.[1] ?? assert.fail(`no token --${name}`);
  const both = /^light-dark\((oklch\((?:[^()]|\([^()]*\))*\)), (oklch\((?:[^()]|\([^()]*\))*\))\)$/.exec(value);
  const chosen = both === null ? value : (both[theme === "light" ? 1 : 2] ?? "");
  return chosen.replace(/var\(--hue, \d+\)/, String(hue));
}

/** Björn Ottosson's OKLab matrices, with out-of-gamut colours clipped to sRGB as a screen does. */
function linearOf(oklch: string): Linear {
  const [, l, c, h] =
    /^oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)$/.exec(oklch) ?? assert.fail(`not a plain colour: ${oklch}`);
  const lightness = Number(l) / 100;
  const a = Number(c) * Math.cos((Number(h) * Math.PI) / 180);
  const b = Number(c) * Math.sin((Number(h) * Math.PI) / 180);
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  return [
    clip(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    clip(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    clip(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ];
}

function contrast(front: string, back: string, theme: Theme, hue = 0): number {
  const luminance = ([red, green, blue]: Linear) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  const [one, two] = [front, back].map((name) => luminance(linearOf(tokenOf(name, theme, hue)))) as [number, number];
  return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
}

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  ink: ["bg", "pane", "sunk", "hover", "accent-soft", "mine", "theirs", "warn-soft", "bad-soft"],
  "ink-2": ["bg", "pane", "sunk", "hover", "accent-soft", "mine", "theirs", "warn-soft", "bad-soft"],
  "ink-3": ["bg", "pane", "sunk", "hover", "accent-soft", "theirs"],
  accent: ["bg", "pane", "sunk", "hover", "accent-soft", "theirs", "warn-soft"],
  "accent-ink": ["accent", "accent-hover"],
  tick: ["mine", "pane", "hover", "accent-soft"],
  warn: ["bg", "pane", "warn-soft", "theirs", "mine"],
  bad: ["bg", "pane", "mine", "hover", "accent-soft"],
  "bad-ink": ["bad"],
};

const SHAPES: Readonly<Record<string, readonly string[]>> = {
  edge: ["bg", "pane"],
  online: ["pane", "accent-soft"],
};

for (const theme of ["light", "dark"] as const) {
  test(`every text is readable on everything it stands on, ${theme}`, () => {
    for (const [front, backs] of Object.entries(TEXTS)) {
      for (const back of backs) {
        const ratio = contrast(front, back, theme);
        assert.ok(ratio >= TEXT_RATIO, `${front} on ${back}: ${ratio.toFixed(2)}`);
      }
    }
  });

  test(`edges and dots can be seen, ${theme}`, () => {
    for (const [front, backs] of Object.entries(SHAPES)) {
      for (const back of backs) {
        const ratio = contrast(front, back, theme);
        assert.ok(ratio >= SHAPE_RATIO, `${front} on ${back}: ${ratio.toFixed(2)}`);
      }
    }
  });

  test(`an initial is readable on every colour an address can have, ${theme}`, () => {
    for (let hue = 0; hue < 360; hue += 5) {
      assert.ok(
        contrast("avatar-ink", "avatar", theme, hue) >= TEXT_RATIO,
        `known, hue ${hue}: ${contrast("avatar-ink", "avatar", theme, hue)}`,
      );
      assert.ok(contrast("avatar-ink", "avatar-deep", theme, hue) >= TEXT_RATIO, `deep, hue ${hue}`);
      assert.ok(contrast("avatar-soft-ink", "avatar-soft", theme, hue) >= TEXT_RATIO, `unknown, hue ${hue}`);
    }
  });
}
