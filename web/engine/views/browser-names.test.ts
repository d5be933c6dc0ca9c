import assert from "node:assert/strict";
import { test } from "node:test";
import type { BrowserId } from "../../../worker/contract/names.ts";
import type { BrowserInfo } from "../../../worker/contract/state.ts";
import { browserNames } from "./browser-names.ts";

const browser = (id: string, name: string, firstSeen: number): BrowserInfo => ({
  id: id as BrowserId,
  name,
  kind: "computer",
  firstSeen,
  lastSeen: firstSeen,
  attached: false,
  signedOut: false,
});

test("U20: browsers of one name are numbered as they came, whatever the order in which they are told", () => {
  const all = [
    browser("c", "Chrome on Linux", 3),
    browser("a", "Chrome on Linux", 1),
    browser("d", "Firefox on Linux", 4),
    browser("b", "chrome on linux 2", 2),
  ];
  for (const told of [all, all.toReversed()]) {
    const names = browserNames(told);
    assert.deepEqual(
      ["a", "b", "c", "d"].map((id) => names.get(id as BrowserId)),
      ["Chrome on Linux", "chrome on linux 2", "Chrome on Linux 3", "Firefox on Linux"],
    );
  }
});
