/**
 * How long it takes until a closed browser shows what was written: with the account still awake, and asleep, woken by its server through the
 * gateway. The push service is one on this machine; what it is given arrives by the browser's own delivery.
 */
import { LOOKING_IN } from "../../durable/connection/looking-in.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { isRungBy, lets, shownWhileClosed, subscribesAt } from "../e2e/closed-browser.ts";
import { Person } from "../e2e/person.ts";
import { until } from "../e2e/waiting.ts";
import { PythonPeer } from "../interop/python-peer.ts";
import { PushService } from "../push-service.ts";
import { ALICE, BOB, type Stack, startStack } from "../stack.ts";
import { measuresTable } from "./samples.ts";

const ALICES = "alice@localhost" as BareJid;
const GATE = { name: "gate", password: "the gateway's own" } as const;
const ROUNDS = 10;
const LOOK_EVERY_MS = 5;
const GOAL_MS = 2_000;

/** Prints the table. */
export async function measureRinging(): Promise<string> {
  const service = await PushService.start();
  const stack = await startStack({
    name: "bench-ringing",
    endpoint: "starttls",
    accounts: [ALICE, BOB, GATE],
    friends: ["alice", "bob"],
    withModules: ["cloud_notify"],
    variables: {
      PUSH_SERVICES: service.origin,
      GATEWAY_ADDRESS: `${GATE.name}@localhost`,
      GATEWAY_PASSWORD: GATE.password,
    },
  });
  try {
    return await measureAt(stack, service);
  } finally {
    await stack.stop();
    await service.close();
  }
}

async function measureAt(stack: Stack, service: PushService): Promise<string> {
  const alice = await Person.open(stack, { called: "alice", prepare: subscribesAt(service) });
  const bob = await PythonPeer.start(stack, BOB);
  try {
    await isRungWhileClosed(alice, stack, service);
    const show = async (words: string) => {
      const began = performance.now();
      await bob.command("send", { to: ALICES, text: words });
      const isShown = async () => {
        // A service worker that has nothing to do is ended, also under somebody who asks it.
        const shown = await shownWhileClosed(alice.page.browser()).catch(() => []);
        return shown.some(([, body]) => body === words);
      };
      await until(`${words} is shown`, isShown, { everyMs: LOOK_EVERY_MS });
      return performance.now() - began;
    };
    const [awake, asleep]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) awake.push(await show(`awake ${round}`));
    await stack.setGrace(0);
    for (let round = 0; round < ROUNDS; round += 1) {
      await sleeps(stack);
      asleep.push(await show(`asleep ${round}`));
    }
    return measuresTable("written → shown with no page open", [
      { name: "the account is awake", samples: awake, goalMs: GOAL_MS },
      { name: "asleep, woken by its server", samples: asleep, goalMs: GOAL_MS },
    ]);
  } finally {
    await bob.close();
    await alice.close();
  }
}

/** Turns everything on, and closes the only tab. */
async function isRungWhileClosed(alice: Person, stack: Stack, service: PushService): Promise<void> {
  await lets(alice, "granted");
  await alice.signIn(ALICE);
  await alice.opensSettings();
  await alice.turns("notify", true);
  await alice.turns("ring", true);
  await alice.clicks(`[data-setting="hearing"] .segment:has(input[value="sometimes"])`);
  await until("her server is told where to push", async () => {
    await stack.ringAlarm(ALICES);
    return (await stack.objectRows(ALICES, "select value from meta where key = 'server-push'")).length === 1;
  });
  const elsewhere = await alice.page.browser().newPage();
  await isRungBy(service, new URL(stack.url).origin, await elsewhere.createCDPSession());
  await alice.closeTab();
  await until("it was noticed that nobody is there", async () => {
    return (await stack.objectRows(ALICES, "select value from meta where key = 'left-at'")).length === 1;
  });
}

/** Her object has nothing to do for long, and no stream. */
async function sleeps(stack: Stack): Promise<void> {
  await until("the account sleeps", async () => {
    const isAsleep = async () => (await stack.xmpp.sessions(ALICES)).length === 0;
    if (!(await isAsleep())) await stack.ringAlarm(ALICES);
    const ringsIn = ((await stack.objectAlarm(ALICES)) ?? 0) - Date.now();
    return (await isAsleep()) && ringsIn > LOOKING_IN.seldomMs - 60_000;
  });
}
