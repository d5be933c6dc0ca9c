import assert from "node:assert/strict";
import { test } from "node:test";
import { readEnglish, readTranslations } from "./catalogue-files.ts";
import { checkCatalogue, missingKeys } from "./catalogues.ts";

const english = {
  "chat--more": "More",
  "chat--label": "Conversation with {name}",
  "list--unread#one": "{count} unread message",
  "list--unread#other": "{count} unread messages",
};
const german = {
  "chat--more": "Mehr",
  "chat--label": "Unterhaltung mit {name}",
  "list--unread#one": "Eine ungelesene Nachricht",
  "list--unread#other": "{count} ungelesene Nachrichten",
};
const without = (key: keyof typeof german) => Object.fromEntries(Object.entries(german).filter(([one]) => one !== key));
const inGerman = (words: Readonly<Record<string, string>>, complete = true) =>
  checkCatalogue(english, { tag: "de", complete, words });

test("a catalogue that says the same is in order, and one may be a word", () => {
  assert.deepEqual(inGerman(german), []);
});

for (const { what, words, says } of [
  { what: "a key that is missing", words: without("chat--more"), says: "chat--more is missing" },
  { what: "a plural form that is missing", words: without("list--unread#one"), says: "list--unread#one is missing" },
  { what: "a key too many", words: { ...german, "chat--less": "Weniger" }, says: "chat--less is no English text" },
  {
    what: "a placeholder that is missing",
    words: { ...german, "chat--label": "Ja" },
    says: "chat--label lacks {name}",
  },
  {
    what: "a count that is missing in the form of many numbers",
    words: { ...german, "list--unread#other": "Nachrichten" },
    says: "list--unread#other lacks {count}",
  },
  {
    what: "a placeholder that English has not",
    words: { ...german, "chat--more": "{name} mehr" },
    says: "chat--more has {name}, which English has not",
  },
  {
    what: "a placeholder that was translated",
    words: { ...german, "chat--label": "Unterhaltung mit {name} {Größe}" },
    says: "chat--label has {Größe}, which English has not",
  },
  {
    what: "a plural form that the language has not",
    words: { ...german, "list--unread#few": "{count}" },
    says: "list--unread#few is no plural form of de",
  },
  {
    what: "a form of what is not counted",
    words: { ...german, "chat--more#one": "Mehr" },
    says: "chat--more#one is not counted in English",
  },
  { what: "a text without words", words: { ...german, "chat--more": " " }, says: "chat--more is empty" },
])
  test(`${what} is found`, () => assert.deepEqual(inGerman(words), [says]));

test("what is missing in a language that is there in part is no fault, but half a plural is", () => {
  assert.deepEqual(inGerman(without("chat--more"), false), []);
  assert.deepEqual(inGerman(without("list--unread#one"), false), ["list--unread#one is missing"]);
});

test("a language asks for its own plural forms: Arabic for six, Japanese for one", () => {
  const forms = (tag: string) => missingKeys(english, { tag, words: {} }).filter((key) => key.startsWith("list--"));
  assert.deepEqual(
    forms("ar")
      .map((key) => key.slice("list--unread#".length))
      .toSorted(),
    ["few", "many", "one", "other", "two", "zero"],
  );
  assert.deepEqual(forms("ja"), ["list--unread#other"]);
});

test("a form for more than one number has to say which: French counts none as one", () => {
  const words = {
    "list--unread#one": "un message",
    "list--unread#many": "{count} messages",
    "list--unread#other": "{count} messages",
  };
  assert.deepEqual(checkCatalogue(english, { tag: "fr", complete: false, words }), ["list--unread#one lacks {count}"]);
});

test("the words of every language are in order, the English ones too", async () => {
  const texts = await readEnglish();
  const translations = await readTranslations();
  assert.deepEqual(checkCatalogue(texts, { tag: "en", complete: true, words: texts }), []);
  for (const translation of translations) assert.deepEqual(checkCatalogue(texts, translation), [], translation.tag);
});
