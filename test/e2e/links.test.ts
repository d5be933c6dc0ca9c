/** Links with what is behind them: looked at by their sender alone, encrypted on their way, fetched by nobody else. */
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { SITE } from "../../worker/preview/testing/hostile-page.ts";
import { type HostileWorld, startHostileWorld } from "../../worker/preview/testing/hostile-world.ts";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import { filesBelow, findTexts } from "./canaries.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

/** Where the Worker finds the world; its port is known before there is anybody to ask. */
const variables: Record<string, string> = {};
let world: HostileWorld;
before(async () => {
  world = await startHostileWorld();
  variables["TEST_WORLD"] = world.origin;
});
const story = Story.stage({ name: "links", endpoint: "starttls", variables });
after(() => world.close());

const GOOD = `https://${SITE}/good`;
const TITLE = 'Tom & "Jerry"';

let a: Person;
let b: Person;
let bob: Person;
let python: PythonPeer;

/** The lines of the previews that stand in the conversation; `?` behind those whose picture is not drawn. */
const shown = (who: Person) =>
  who.page.evaluate(() =>
    [...document.querySelectorAll(".message .linked-card")].map((card) => {
      const image = card.querySelector("img");
      const drawn = image === null || (image.complete && image.naturalWidth > 0);
      return `${card.querySelector(".linked-title")?.textContent ?? ""}${drawn ? "" : "?"}`;
    }),
  );
const seesPreviews = (who: Person, ...titles: readonly string[]) =>
  until(`${who.called} sees previews`, async () => (await shown(who)).join() === titles.join(), {
    describe: () => shown(who),
  });
const asked = () => world.asked.map(({ place }) => place);

story.test(
  "nothing is looked at before somebody has said so; a first link offers it, and the message may go without",
  async () => {
    [a, bob] = await Promise.all([
      story.signedIn(ALICE, { called: "alice in A" }),
      story.signedIn(BOB, { called: "bob" }),
    ]);
    b = await story.signedIn(ALICE, { called: "alice in B" });
    python = await story.peer(BOB);
    await a.openChat("bob");
    await a.types(`look at ${GOOD} please`);
    await a.reads(/Show what is behind a link\?/);
    await story.looksAt(a);
    await a.page.keyboard.press("Enter");
    await bob.openChat("alice");
    await bob.sees(`look at ${GOOD} please`);
    assert.deepEqual(asked(), []);
    assert.deepEqual([await shown(a), await shown(bob)], [[], []]);
  },
);

story.test(
  "looked at once it is wanted, shown before it leaves, and then to bob and in alice's other browser",
  async () => {
    await a.types(`and now ${GOOD} again`);
    await a.press("Show previews");
    const ready = () => a.page.evaluate(() => document.querySelector(".linked-offer .linked-title")?.textContent);
    await until("it is there before it leaves", async () => (await ready()) === TITLE, { describe: () => a.words() });
    await story.looksAt(a);
    assert.deepEqual(asked(), [`${SITE}/good`, `${SITE}/good.png`]);
    await a.page.keyboard.press("Enter");
    await b.openChat("bob");
    for (const who of [a, bob, b]) await seesPreviews(who, TITLE);
    await story.looksAt(bob);
    assert.equal(asked().length, 2, "whoever receives it fetches nothing");
    const leads = await bob.page.evaluate(() => document.querySelector<HTMLAnchorElement>(".linked-card")?.href);
    assert.equal(leads, GOOD);
    await python.reads(`and now ${GOOD} again`);
  },
);

story.test("it can be taken off, and what has none says why; either way the text leaves as it is", async () => {
  await a.types(`once more ${GOOD} bare`);
  await until("it is there", () =>
    a.page.evaluate(() => document.querySelector(".linked-offer .linked-card") !== null),
  );
  await a.press("Send without the preview");
  await a.page.keyboard.press("Enter");
  await bob.sees(`once more ${GOOD} bare`);
  await a.types("what of https://inside.alcove-corpus.net/ then");
  await a.reads(/No preview: the link leads to a private or unusual place/);
  await a.page.keyboard.press("Enter");
  await bob.sees("what of https://inside.alcove-corpus.net/ then");
  for (const who of [a, bob, b]) await seesPreviews(who, TITLE);
});

story.test(
  "after a reload it is there, nobody is asked, and neither server nor object knows what it says",
  async () => {
    const before = asked().length;
    await bob.reload();
    await bob.openChat("alice");
    await seesPreviews(bob, TITLE);
    assert.equal(asked().length, before);
    const files = [...(await filesBelow(story.stack.xmpp.state)), ...(await story.stack.objectDatabases())];
    assert.deepEqual(await findTexts(files, [TITLE, "Two lines"]), []);
  },
);

story.test("switched off in the settings, links are bare again and nobody looks", async () => {
  const before = asked().length;
  await a.opensSettings();
  await a.turns("links", false);
  await story.looksAt(a);
  await a.press("Back");
  await a.openChat("bob");
  await a.types(`for the last time ${GOOD} now`);
  await a.page.keyboard.press("Enter");
  await bob.sees(`for the last time ${GOOD} now`);
  assert.equal(asked().length, before);
  await seesPreviews(bob, TITLE);
});
