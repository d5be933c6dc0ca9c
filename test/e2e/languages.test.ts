/** People who read German or Arabic: the page speaks their language from its first word on. */
import assert from "node:assert/strict";
import arabic from "../../web/i18n/ar.json" with { type: "json" };
import german from "../../web/i18n/de.json" with { type: "json" };
import { ALICE, BOB } from "../stack.ts";
import type { Account } from "../xmpp-server/accounts.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "languages", endpoint: "starttls" });

let alice: Person;
let bob: Person;

type Words = { readonly [Key in keyof typeof arabic]?: string };

const languageOf = (person: Person) =>
  person.page.evaluate(() => [document.documentElement.lang, document.documentElement.dir].join(" "));

async function signsIn(person: Person, account: Account, words: Words): Promise<void> {
  await person.fill(words["sign-in--address"] ?? "", `${account.name}@localhost`);
  await person.fill(words["sign-in--password"] ?? "", account.password);
  await person.press(words["sign-in--submit"] ?? "");
  await person.isConnected();
  person.account = account;
}

async function writes(person: Person, text: string, words: Words): Promise<void> {
  await person.fill(words["message--label"] ?? "", text);
  await person.page.keyboard.press("Enter");
}

/** On which side of its timeline a message stands. */
const sideOf = (person: Person, text: string) =>
  person.page.evaluate((wanted) => {
    const rows = [...document.querySelectorAll<HTMLElement>("ol.messages > li[data-key]")];
    const row = rows.find((one) => one.querySelector(".words, .said")?.textContent === wanted);
    const [all, bubble] = [row, row?.querySelector(".bubble")].map((one) => one?.getBoundingClientRect());
    if (all === undefined || bubble === undefined) return "nowhere";
    return bubble.left - all.left < all.right - bubble.right ? "left" : "right";
  }, text);

story.test("an Arabic browser has an Arabic page, from right to left, without anybody choosing it", async () => {
  alice = await story.person({ called: "alice", language: "ar-EG" });
  await alice.reads(new RegExp(arabic["sign-in--title"], "u"));
  assert.equal(await languageOf(alice), "ar rtl");
  await signsIn(alice, ALICE, arabic);
});

story.test("in an English browser German is chosen before anything is typed, and stays chosen", async () => {
  bob = await story.person({ called: "bob" });
  await bob.reads(/Sign in to Alcove/);
  assert.equal(await languageOf(bob), "en ltr");
  await Promise.all([bob.page.waitForNavigation(), bob.page.select("select", "de")]);
  await bob.reads(/Bei Alcove anmelden/);
  assert.equal(await languageOf(bob), "de ltr");
  await signsIn(bob, BOB, german);
  await bob.reload();
  await bob.isConnected();
  assert.equal(await bob.page.evaluate(() => document.querySelector("nav")?.ariaLabel), german["list--label"]);
});

story.test(
  "they write to each other; own messages stand where lines end, on the left for whoever reads Arabic",
  async () => {
    await bob.press(german["list--new-chat"]);
    await bob.fill(german["sign-in--address"], "alice@localhost");
    await bob.press(german["new-chat--start"]);
    await bob.isEncryption("ready", "on");
    await writes(bob, "Guten Tag!", german);
    await alice.openChat("bob");
    await alice.sees("Guten Tag!");
    await alice.isEncryption("ready", "on");
    await writes(alice, "مرحبا!", arabic);
    await bob.sees("مرحبا!");
    await alice.isMarked("مرحبا!", "delivered", "read");
    assert.deepEqual(
      [await sideOf(alice, "مرحبا!"), await sideOf(alice, "Guten Tag!")],
      ["left", "right"],
      "as Alice sees it",
    );
    assert.deepEqual([await sideOf(bob, "Guten Tag!"), await sideOf(bob, "مرحبا!")], ["right", "left"], "as Bob does");
  },
);

story.test(
  "an address keeps its direction in a page from right to left, and what is fetched later speaks Arabic, too",
  async () => {
    const shown = await alice.page.evaluate(() => {
      const [own] = document.querySelectorAll<HTMLElement>(".account-name");
      return own && { direction: getComputedStyle(own).direction, text: own.textContent };
    });
    assert.deepEqual(shown, { direction: "ltr", text: "alice@localhost" });
    await alice.page.keyboard.down("Control");
    await alice.page.keyboard.press(",");
    await alice.page.keyboard.up("Control");
    await alice.reads(new RegExp(arabic["settings--appearance"]));
    await alice.openChat("bob");
  },
);

story.test("without the server the page still speaks Arabic: its words are kept with it", async () => {
  await until("the page is kept", () =>
    alice.page.evaluate(async () => {
      const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
      const paths = kept.flat().map(({ url }) => new URL(url).pathname);
      return navigator.serviceWorker.controller !== null && paths.some((path) => path.startsWith("/assets/ar-"));
    }),
  );
  await story.outage(async () => {
    await story.stack.killWorker();
    await alice.reload();
    await alice.sees("مرحبا!");
    assert.equal(await languageOf(alice), "ar rtl");
    await story.stack.startWorker();
    await alice.isConnected();
  });
});

story.test("where the words of a language cannot be had the page speaks English", async () => {
  const carol = await story.person({
    called: "carol",
    language: "de-DE",
    prepare: async (page) => {
      await page.setRequestInterception(true);
      page.on("request", (request) => {
        if (request.url().includes("/assets/de-")) void request.respond({ status: 404, body: "Not found" });
        else void request.continue();
      });
    },
  });
  carol.troubles.expected = /words of a language could not be loaded|integrity/i;
  await carol.reads(/Sign in to Alcove/);
  assert.equal(await languageOf(carol), "en ltr");
});
