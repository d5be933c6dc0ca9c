import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { plural as pluralAside, text as textAside } from "./aside.ts";
import { isLanguage, languageFor, LANGUAGES, localeFor, wordsOf } from "./languages.ts";
import { listText, numberText, plural, speak, text } from "./text.ts";

const [ISOLATE, ISOLATE_LTR, POP] = ["\u2068", "\u2066", "\u2069"];

async function speakAs(tag: keyof typeof LANGUAGES, locale: string = tag): Promise<void> {
  const words = (await wordsOf(tag)?.())?.default ?? {};
  speak({ locale, direction: LANGUAGES[tag].direction, words });
}

afterEach(() => speakAs("en"));

for (const { what, chosen, wanted, is } of [
  { what: "what was chosen in this browser", chosen: "de", wanted: ["ar"], is: "de" },
  { what: "the first that there are words in", chosen: undefined, wanted: ["fr-FR", "ar-EG", "de"], is: "ar" },
  { what: "English where there are words in none", chosen: undefined, wanted: ["fr-FR", "ja"], is: "en" },
  { what: "English where the browser says nothing", chosen: undefined, wanted: [], is: "en" },
  {
    what: "what is wanted where words of the chosen one are no longer there",
    chosen: "xx",
    wanted: ["de-AT"],
    is: "de",
  },
  { what: "no property that every object has", chosen: "toString", wanted: ["constructor"], is: "en" },
])
  test(`the language is ${what}`, () => assert.equal(languageFor(chosen, wanted), is));

test("numbers and dates are those of the reader's region, where it speaks the language", () => {
  assert.equal(localeFor("en", ["de-DE", "en-GB", "en-US"]), "en-GB");
  assert.equal(localeFor("de", ["fr-CH"]), "de");
});

test("German speaks German everywhere, and formats its numbers", async () => {
  await speakAs("de", "de-DE");
  assert.equal(textAside("consent--agree", { domain: "example.org" }), "Passwort an example.org senden");
  assert.equal(textAside("dialog--cancel"), "Abbrechen");
  assert.equal(plural("list--unread", 1200), "1.200 ungelesene Nachrichten");
  assert.equal(numberText(1200), "1.200");
  assert.equal(listText(["Anna", "Ben", "Cem"]), "Anna, Ben und Cem");
  assert.equal(listText(["Anna", "Ben"], "disjunction"), "Anna oder Ben");
});

test("Arabic has a form for none, one, two, few, many and all others", async () => {
  await speakAs("ar");
  const forms = [0, 1, 2, 3, 11, 100].map((count) => plural("room--people", count).replace(/\p{Nd}+/u, "#"));
  assert.deepEqual(forms, ["لا أحد", "شخص واحد", "شخصان", "# أشخاص", "# شخصًا", "# شخص"]);
});

test("what a language lacks is said in English, by key, with English numbers, and its full stop stays at its end", async () => {
  speak({ locale: "ar", direction: "rtl", words: { "list--label": "المحادثات" } });
  assert.equal(text("list--label"), "المحادثات");
  assert.equal(text("list--no-messages"), `${ISOLATE_LTR}No messages yet${POP}`);
  assert.equal(plural("list--unread", 1200), `${ISOLATE_LTR}1,200 unread messages${POP}`);
  assert.equal(pluralAside("suggest--count", 1), `${ISOLATE_LTR}1 contact fits${POP}`);
  speak({ locale: "de", direction: "ltr", words: {} });
  assert.equal(text("list--no-messages"), "No messages yet");
});

test("half a plural is no plural: the form for others stands in", () => {
  speak({ locale: "ar", direction: "rtl", words: { "room--people#other": "{count} شخص" } });
  assert.match(plural("room--people", 2), /^\p{Nd} شخص$/u);
});

test("in a sentence from right to left a name or an address keeps its own direction", async () => {
  await speakAs("ar");
  assert.equal(text("chat--label", { name: "bob@example.org" }), `محادثة مع ${ISOLATE}bob@example.org${POP}`);
  assert.ok(listText(["Bob", "Mina"]).includes(`${ISOLATE}Mina${POP}`));
});

test("a language is known by its tag alone", () => {
  assert.ok(isLanguage("de"));
  for (const tag of ["DE", "", null, undefined, "__proto__"]) assert.ok(!isLanguage(tag));
});
