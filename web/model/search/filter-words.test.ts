import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { speak } from "../../i18n/text.ts";
import { filterAt, wordOf } from "./filter-words.ts";
import { openFilter, parseTyped, takeFilters } from "./query.ts";

const GERMAN = {
  "search-word--from": "von",
  "search-word--before": "vor|bis",
  "search-word--has": "hat|mit",
  "search-word--link": "links|link",
};
const german = () => speak({ locale: "de", direction: "ltr", words: GERMAN });

afterEach(() => speak({ locale: "en", direction: "ltr", words: {} }));

test("whoever reads German types German filters, and the English ones go on", () => {
  german();
  assert.deepEqual(parseTyped("von:anna bis:2025-06 mit:link zug").filters, [
    { kind: "from", value: "anna" },
    { kind: "before", value: "2025-06" },
    { kind: "has", value: "link" },
  ]);
  assert.deepEqual(parseTyped("from:anna before:2025").filters, [
    { kind: "from", value: "anna" },
    { kind: "before", value: "2025" },
  ]);
  assert.deepEqual(takeFilters("Von:anna zug").taken, [{ kind: "from", value: "anna" }]);
  assert.equal(openFilter("zug von:an")?.value, "an");
  assert.equal(wordOf("before"), "vor");
});

test("in another language they are words like all others", () => {
  assert.deepEqual(parseTyped("von:anna").filters, []);
  assert.deepEqual(parseTyped("von:anna").words, ["von:anna"]);
  assert.equal(filterAt("https://x.example"), undefined);
});

test("a word that reads from right to left is one as well", () => {
  speak({ locale: "ar", direction: "rtl", words: { "search-word--from": "من" } });
  assert.deepEqual(parseTyped("من:آنا").filters, [{ kind: "from", value: "آنا" }]);
});
