/** What a person is told of while they look at none of their browsers: by real notifications, which the browser lists. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { after } from "node:test";
import type { Page } from "puppeteer-core";
import { roomNamed } from "../account/conference.ts";
import type { PythonPeer } from "../interop/python-peer.ts";
import { PushService } from "../push-service.ts";
import { ALICE, BOB } from "../stack.ts";
import { isRungBy, lets, serviceWorkerOf, shownWhileClosed, subscribesAt } from "./closed-browser.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const service = await PushService.start();
after(() => service.close());
const story = Story.stage({
  name: "notifications",
  endpoint: "starttls",
  variables: { PUSH_SERVICES: service.origin },
});
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

const isToldWhileClosed = (who: Person, ...expected: Awaited<ReturnType<typeof shown>>) =>
  until(
    `${who.called} is told ${JSON.stringify(expected)} with no page open`,
    async () => JSON.stringify(await shownWhileClosed(who.page.browser())) === JSON.stringify(expected),
    {
      describe: async () => ({
        shown: await shownWhileClosed(who.page.browser()),
        pushed: service.received.length,
        wrong: service.complaints,
      }),
    },
  );

/** The one that is shown there, or what stands beside it. */
async function presses(person: Person, action: "" | "read" = ""): Promise<void> {
  const worker = await serviceWorkerOf(person.page.browser());
  // What the browser does when its notification is pressed.
  await worker.evaluate(async (pressed) => {
    const scope = globalThis as unknown as {
      readonly registration: ServiceWorkerRegistration;
      readonly NotificationEvent: new (type: string, init: object) => Event;
    };
    const [notification] = await scope.registration.getNotifications();
    dispatchEvent(new scope.NotificationEvent("notificationclick", { notification, action: pressed }));
  }, action);
}

/** Presses what stands beside the one that is shown there, and waits until her account knows. */
async function marksRead(person: Person): Promise<void> {
  const readTo = async () => {
    const rows = await story.stack.objectRows(ALICES, "select read_to from conversations where jid = 'bob@localhost'");
    return Number(rows[0]?.["read_to"] ?? 0);
  };
  const before = await readTo();
  await presses(person, "read");
  await until("her account knows that she has read it", async () => (await readTo()) > before);
}

story.test("where the browser does not let it, the settings say so in words", async () => {
  [a, bob] = await Promise.all([
    story.signedIn(ALICE, { called: "alice in A", prepare: subscribesAt(service) }),
    story.peer(BOB),
  ]);
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

story.test("with no page open she is told too, by what was pushed, and the page has it when it is opened", async () => {
  await a.opensSettings();
  await a.turns("ring", true);
  await a.reads(/Five minutes after your last tab is closed it goes to sleep/);
  await story.looksAt(a);
  const targets = () => story.stack.objectRows(ALICES, "select browser from push_targets");
  await until("her account knows where to ring", async () => (await targets()).length === 1);
  const elsewhere = await a.page.browser().newPage();
  await isRungBy(service, new URL(a.page.url()).origin, await elsewhere.createCDPSession());
  await a.closeTab();
  story.forget(a);
  await until("no socket is open", async () => {
    const rows = await story.stack.objectRows(ALICES, "select value from meta where key = 'left-at'");
    return rows.length === 1;
  });
  await bob.command("send", { to: ALICES, text: "sent into the closed tab" });
  await isToldWhileClosed(a, ["Bob", "sent into the closed tab", "bob@localhost"]);
  await bob.command("send", { to: ALICES, text: "and answered at once" });
  await isToldWhileClosed(a, ["Bob", "and answered at once", "bob@localhost"]);
  await marksRead(a);
  assert.deepEqual(service.complaints, []);
  const [push] = service.received;
  assert.equal(push?.text.includes("sent into the closed tab"), false, "what was pushed is encrypted by OMEMO, too");

  a = await story.secondTab(a);
  await elsewhere.close();
  await a.isConnected();
  await a.openChat("bob");
  await a.seesInOrder(["the rope is packed", "and the stove", "sent into the closed tab", "and answered at once"]);
  await isTold(a);
  await a.opensSettings();
  await a.turns("ring", false);
  await until("her account rings no more", async () => (await targets()).length === 0);
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
  await marksRead(a);
  await isTold(a);
  await bob.command("send", { to: ALICES, text: "and one more" });
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
