/** What a person is told of while they look at none of their browsers: by real notifications, which the browser lists. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "puppeteer-core";
import { roomNamed } from "../account/conference.ts";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "notifications", endpoint: "starttls" });
const ALICES = "alice@localhost";
const ROSTER = "jabber:iq:roster";
/** Nobody has made them: whoever is asked into one is asked all the same. */
const [walks, dives, climbs] = [roomNamed("walks"), roomNamed("dives"), roomNamed("climbs")];
/** Longer than a notification takes that comes. */
const QUIET_MS = 3_000;

let a: Person;
let b: Person;
let bob: PythonPeer;
const fronts = new Map<Person, Page>();

const shown = (who: Person) =>
  who.page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const all = (await registration?.getNotifications()) ?? [];
    return all.map(({ title, body, tag }) => [title, body, tag] as const);
  });
const isTold = (who: Person, ...expected: Awaited<ReturnType<typeof shown>>) =>
  until(
    `${who.called} is told ${JSON.stringify(expected)}`,
    async () => JSON.stringify(await shown(who)) === JSON.stringify(expected),
    { describe: () => shown(who) },
  );

/** People look at one tab of a window; the others are hidden. */
async function turnsAway(person: Person): Promise<void> {
  const front = await person.page.browser().newPage();
  fronts.set(person, front);
  await person.page.emulateFocusedPage(false);
  await front.bringToFront();
  await until("the page is hidden", () => person.page.evaluate(() => document.visibilityState === "hidden"));
}

async function turnsBack(person: Person): Promise<void> {
  await person.page.bringToFront();
  await fronts.get(person)?.close();
  fronts.delete(person);
  await person.page.emulateFocusedPage(true);
}

async function lets(person: Person, state: "granted" | "denied"): Promise<void> {
  const { origin } = new URL(person.page.url());
  const context = person.page.browser().defaultBrowserContext();
  await context.setPermission(origin, { permission: { name: "notifications" }, state });
}

/** The one that is shown there. */
async function presses(person: Person): Promise<void> {
  const worker = await until("the service worker runs", async () => {
    const target = person.page
      .browser()
      .targets()
      .find((one) => one.type() === "service_worker");
    return (await target?.worker()) ?? undefined;
  });
  // What the browser does when its notification is pressed.
  await worker.evaluate(async () => {
    const scope = globalThis as unknown as {
      readonly registration: ServiceWorkerRegistration;
      readonly NotificationEvent: new (type: string, init: object) => Event;
    };
    const [notification] = await scope.registration.getNotifications();
    dispatchEvent(new scope.NotificationEvent("notificationclick", { notification }));
  });
}

story.test("where the browser does not let it, the settings say so in words", async () => {
  [a, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice in A" }), story.peer(BOB)]);
  await lets(a, "denied");
  await a.reload();
  await a.isConnected();
  await a.opensSettings();
  await a.reads(/This browser does not let Alcove show anything/);
});

story.test("alice turns notifications on; one message is one notification, with who and what", async () => {
  await lets(a, "granted");
  await a.reload();
  await a.isConnected();
  await a.opensSettings();
  await a.turns("notify", true);
  await until("the page is kept here, and can show", () =>
    a.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated"),
  );
  await a.leaveChat();
  await turnsAway(a);
  await bob.command("send", { to: ALICES, text: "the rope is packed" });
  await isTold(a, ["Bob", "the rope is packed", "bob@localhost"]);
  await bob.command("send", { to: ALICES, text: "and the stove" });
  await isTold(a, ["Bob", "and the stove", "bob@localhost"]);
});

story.test("a press on it opens the conversation at the message, and it is gone once that was read", async () => {
  await turnsBack(a);
  await presses(a);
  await a.seesTitle("Bob");
  await a.sees("and the stove");
  await isTold(a);
});

story.test("while alice looks at one of her browsers, none of them tells her", async () => {
  b = await story.signedIn(ALICE, { called: "alice in B" });
  await a.leaveChat();
  await turnsAway(a);
  await bob.command("send", { to: ALICES, text: "do you see me?" });
  await b.seesChat("bob@localhost", { preview: "do you see me?" });
  await sleep(QUIET_MS);
  assert.deepEqual(await shown(a), []);
  assert.match(await a.page.title(), /1/);
});

story.test(
  "when she looks away the one that may tell her does, and what she reads in the other one is taken away",
  async () => {
    await turnsAway(b);
    await bob.command("send", { to: ALICES, text: "it rains" });
    await isTold(a, ["Bob", "it rains", "bob@localhost"]);
    assert.deepEqual(await shown(b), []);
    await turnsBack(b);
    await b.openChat("bob");
    await b.sees("it rains");
    await isTold(a);
  },
);

story.test("without the text only who wrote is shown", async () => {
  await b.leaveChat();
  await turnsAway(b);
  await turnsBack(a);
  await a.opensSettings();
  await a.clicks(`[data-setting="show"] .segment:has(input[value="who"])`);
  await a.leaveChat();
  await turnsAway(a);
  await bob.command("send", { to: ALICES, text: "a secret" });
  await isTold(a, ["Bob", "New message", "bob@localhost"]);
});

story.test(
  "whoever asks her into a room is told of once; what she answers in the other browser is taken away",
  async () => {
    await turnsBack(b);
    await b.openChat("bob");
    await b.sees("a secret");
    await isTold(a);
    await b.leaveChat();
    await turnsAway(b);
    await bob.command("invite", { to: ALICES, text: walks.jid });
    await isTold(a, ["Bob invites you to a room", "", walks.jid]);
    assert.deepEqual(await shown(b), []);
    await turnsBack(b);
    await b.openChat(walks.name);
    await b.reads(/Bob invites you to a room/);
    await isTold(a, ["Bob invites you to a room", "", walks.jid]);
    await b.press("Decline");
    await isTold(a);
  },
);

story.test("while she looks at one of her browsers, none tells her of a request", async () => {
  await b.leaveChat();
  await bob.command("invite", { to: ALICES, text: dives.jid });
  await b.seesChat(dives.jid, { relation: "request" });
  await sleep(QUIET_MS);
  assert.deepEqual(await shown(a), []);
});

story.test(
  "whoever asks to be her contact is told of by their address; a press on it leads to the request",
  async () => {
    await turnsAway(b);
    await bob.command("iq", { xml: `<query xmlns="${ROSTER}"><item jid="${ALICES}" subscription="remove"/></query>` });
    await bob.command("subscribe", { to: ALICES });
    await isTold(a, ["bob@localhost wants to become your contact", "", "bob@localhost"]);
    await turnsBack(a);
    await presses(a);
    await a.reads(/bob@localhost wants to become your contact/);
    await isTold(a);
  },
);

story.test("without names it is told that somebody asks, and nothing of who", async () => {
  await a.opensSettings();
  await a.clicks(`[data-setting="show"] .segment:has(input[value="nothing"])`);
  await a.leaveChat();
  await turnsAway(a);
  await bob.command("invite", { to: ALICES, text: climbs.jid });
  await isTold(a, ["Alcove", "New request", "alcove"]);
});

story.test("signed out there is nothing to be seen any more", async () => {
  await turnsBack(a);
  await a.signOut("keep");
  await isTold(a);
});
