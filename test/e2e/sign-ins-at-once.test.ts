/** Two tabs of one browser press "Sign in" at the same moment: there is one session, and it works in both. */
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { ALICE, BOB } from "../stack.ts";
import type { Account } from "../xmpp-server/accounts.ts";
import { ask, noteEngine } from "./page-engine.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const CAROL = { name: "carol", password: "curator" } as const;
const story = Story.stage({ name: "sign-ins-at-once", endpoint: "starttls", accounts: [ALICE, BOB, CAROL] });

const addressOf = ({ name }: { readonly name: string }) => `${name}@localhost`;

/** Faster than any hand: what both forms ask for when the button is pressed. */
async function signInAtOnce(called: string, accounts: readonly Account[]): Promise<readonly Person[]> {
  const first = await story.person({ called });
  const tabs = [first, await story.secondTab(first)];
  for (const { page } of tabs) await noteEngine(page);
  await Promise.all(tabs.map((tab) => tab.reload()));
  const answers = await Promise.all(
    tabs.map(({ page }, at) => {
      const account = accounts[at] ?? ALICE;
      return ask(page, "signIn", { address: addressOf(account), password: account.password, plain: false });
    }),
  );
  assert.ok(
    answers.every(({ ok }) => ok),
    JSON.stringify(answers),
  );
  for (const tab of tabs) await tab.isConnected();
  return tabs;
}

story.test("the same account: the object knows one browser, and both tabs are in it", async () => {
  const bob = await story.peer(BOB);
  const tabs = await signInAtOnce("alice", [ALICE, ALICE]);
  const browsers = await story.stack.objectRows(addressOf(ALICE), "select id from browsers");
  assert.equal(browsers.length, 1);
  for (const tab of tabs) {
    await tab.newChat(addressOf(BOB));
    await tab.send(`from ${tab.called}`);
    await bob.reads(`from ${tab.called}`);
  }
});

story.test("two accounts: the one that came second is here in both tabs", async () => {
  const [first, second] = await signInAtOnce("somebody with two accounts", [BOB, CAROL]);
  assert.ok(first && second);
  await first.reload();
  await first.isConnected();
  const lookedAt = async (tab: Person) => {
    await tab.page.bringToFront();
    return tab.devices();
  };
  // Bob has another app, whose key is noted when somebody first looks at it; the mark stands a moment later.
  let seen: readonly unknown[] = [];
  await until(
    "both tabs show the same devices",
    async () => {
      seen = [await lookedAt(first), await lookedAt(second)];
      return isDeepStrictEqual(seen[0], seen[1]);
    },
    { describe: async () => seen },
  );
});
