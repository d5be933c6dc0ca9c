/** A second browser is let in by the code that both show: browsers of one maker and of two, and one that nobody wanted. */
import assert from "node:assert/strict";
import { ALICE } from "../stack.ts";
import type { Person } from "./person.ts";
import { scan } from "./scan.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "letting-in", endpoint: "starttls" });
const CODE = /\b\d{3} \d{3}\b/;

let first: Person;
let second: Person;

/** The code on somebody's screen, once there is one. */
function codeOn(who: Person): Promise<string> {
  return until(`${who.called} shows a code`, async () => CODE.exec((await who.notices()).join("\n"))?.[0]);
}

const isQuiet = (who: Person) =>
  until(`${who.called} has nothing more to say`, async () => (await who.notices()).length === 0);

async function trustIn(who: Person): Promise<readonly string[]> {
  return (await who.devices()).filter(({ here }) => !here).map(({ trust }) => trust);
}

story.test("alice signs in a second time: both browsers show one code, and two presses let it in", async () => {
  first = await story.signedIn(ALICE, { called: "alice in A" });
  second = await story.signedIn(ALICE, { called: "alice in B", others: () => [] });
  const [here, there] = await Promise.all([codeOn(first), codeOn(second)]);
  assert.equal(here, there);
  await second.reads(/This browser is new\./);
  const picture = await until("B shows its picture", () => scan(second.page, "Picture of this browser"));
  assert.match(picture, /^ALCOVE:[A-Z2-7]+$/);
  await first.press("Allow and send history");
  await second.reads(/has allowed this browser\. Did it show this code\?/);
  await first.reads(/Allowed here\. Now .* asks whether the codes are the same/);
  await second.press("Yes, the same");
  await second.reads(/No older message was missing here/);
  await second.press("Got it");
  await Promise.all([isQuiet(first), isQuiet(second)]);
  for (const who of [first, second]) assert.match((await trustIn(who)).join(), /verified/i);
});

story.test("Firefox is let in by Chromium: another browser that is open stops asking", async () => {
  const firefox = await story.signedIn(ALICE, { called: "alice in Firefox", browser: "firefox", others: () => [] });
  const codes = await until("Firefox shows a code for each", async () => {
    const shown = (await firefox.notices()).join("\n").match(new RegExp(CODE, "g")) ?? [];
    return shown.length === 2 ? shown : undefined;
  });
  assert.ok(codes.includes(await codeOn(first)), `${codes.join()} on Firefox`);
  await first.press("Allow");
  await firefox.press("Yes, the same");
  await firefox.isLetIn();
  // What was decided in A counts in B: they have compared each other.
  await Promise.all([isQuiet(first), isQuiet(second)]);
  const shown = (await second.devices()).find(({ name }) => name === "Firefox on Linux");
  assert.match(shown?.trust ?? "", /verified/i);
});

story.test("a browser that alice knows nothing of is signed out, and she is asked to change her password", async () => {
  const stranger = await story.signedIn(ALICE, { called: "somebody else", others: () => [] });
  await codeOn(first);
  await first.press("Not me");
  await stranger.isSignedOut();
  await first.reads(/Whoever signed in there knew your password: change it/);
  await first.press("Later");
  await isQuiet(first);
});
