import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const HERE = new URL(".", import.meta.url);
/** What stands before `+` or `~`, and what it is about. */
const SIBLINGS = /([^\s,{}>+~]+)\s*[+~]\s*([^\s,{}>+~]+)/g;
/** A class, an id, an attribute. */
const NAMED = /[.#[]/;

/** Selectors that Chromium tries wherever an element comes or goes: nothing says which ones they are about. */
function triedEverywhere(css: string): readonly string[] {
  const selectors = css.replaceAll(/\/\*.*?\*\//gs, "").matchAll(/(?<=^|[{};])[^{};@]+(?=\{)/g);
  return [...selectors].flatMap(([selector]) =>
    [...selector.replaceAll(/\([^()]*\)/g, "").matchAll(SIBLINGS)].flatMap(([pair, before = "", of = ""]) =>
      NAMED.test(before) || NAMED.test(of) ? [] : pair,
    ),
  );
}

test("U19: a rule about elements beside each other names one of them, or each new message restyles all that are there", () => {
  assert.deepEqual(triedEverywhere(".facts > div + div { margin: 0 }"), ["div + div"]);
  assert.deepEqual(triedEverywhere("p { margin: 0 }\n.a input:checked + span,\n.b ~ i { margin: 0 }"), [
    "input:checked + span",
  ]);
  assert.deepEqual(triedEverywhere("/* a + b */ h1 + .lead, .day + .message { block-size: calc(1px + 2px) }"), []);
  for (const file of readdirSync(HERE).filter((name) => name.endsWith(".css")))
    assert.deepEqual(triedEverywhere(readFileSync(new URL(file, HERE), "utf8")), [], file);
});
