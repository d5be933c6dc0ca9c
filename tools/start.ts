/**
 * `npm start [-- --no-demo] [-- --port N]`: the page, the Worker with its objects in real workerd, and an XMPP server
 * with two accounts to try it with. Everything it keeps is in `.data/`; everything it starts ends with it.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { busyPorts } from "../test/xmpp-server/ports.ts";
import { portsOf, type XmppServer } from "../test/xmpp-server/prosody.ts";
import { buildPage } from "./build-page.ts";
import { DEMO_ACCOUNTS, startDemoServer } from "./demo-server.ts";
import { type DevWorker, startDevWorker } from "./dev-worker.ts";
import { DATA } from "./project.ts";
import { keepSecrets } from "./secrets-file.ts";
import { say } from "./step.ts";

const DEFAULT_PORT = 8787;
/** The demo's XMPP server and the inspector stand next to the page's port, so that another port moves all of them. */
const INSPECTOR_OFFSET = 1;
const XMPP_OFFSET = 2;
const SIGNAL_GRACE_MS = 500;

const port = readPort();
const { values } = parseArgs({ options: { "no-demo": { type: "boolean" }, port: { type: "string" } } });
const demoWanted = values["no-demo"] !== true;

const stopping = new AbortController();
// "disconnect": the process that started this one is gone, so nobody could stop it any more.
for (const end of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"]) process.on(end, () => stopping.abort());
const stopped = new Promise<void>((resolve) => {
  stopping.signal.addEventListener("abort", () => resolve(), { once: true });
});

let xmpp: XmppServer | undefined;
let worker: DevWorker | undefined;
let code = 0;
try {
  code = await Promise.race([main(), stopped.then(() => 0)]);
  if (stopping.signal.aborted) say("\nStopping.");
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  code = 1;
} finally {
  await Promise.all([worker?.group.stop(), xmpp?.stop()]);
}
process.exit(code);

async function main(): Promise<number> {
  const wanted = [port, port + INSPECTOR_OFFSET, ...(demoWanted ? portsOf(port + XMPP_OFFSET) : [])];
  const taken = await busyPorts(wanted);
  if (taken.length > 0) {
    say(`Taken by another program - perhaps Alcove runs already: port ${taken.join(", ")}.`);
    say(`Another place: npm start -- --port ${port + 1_000}`);
    return 1;
  }
  await mkdir(DATA, { recursive: true, mode: 0o700 });

  say("1. Building the page (web/ -> dist/web)");
  if (!(await buildPage())) return 1;

  say("2. Secrets of this machine (.data/secrets.env)");
  const secrets = join(DATA, "secrets.env");
  if (await keepSecrets(secrets))
    say("  Made. They name the accounts' objects here: keep the file as long as the data.");

  if (demoWanted) {
    say("3. An XMPP server on this machine only, for trying things out (.data/demo)");
    xmpp = await startDemoServer(join(DATA, "demo"), port + XMPP_OFFSET);
  } else {
    say("3. No XMPP server for trying things out (--no-demo)");
  }

  say("4. The Worker and its objects in workerd (.data/worker)");
  worker = await startDevWorker({
    port,
    inspectorPort: port + INSPECTOR_OFFSET,
    persist: join(DATA, "worker"),
    secrets,
    variables: {
      // Nobody else reaches a Worker on this machine.
      ALLOWED_DOMAINS: "*",
      ...(xmpp && { XMPP_ENDPOINTS: JSON.stringify({ [xmpp.domain]: xmpp.endpoints.starttls }) }),
    },
    authorities: xmpp === undefined ? [] : [xmpp.ca],
  });

  explain(worker.url);
  return untilEnd(worker, xmpp);
}

/** Settles with exit code 1 when a part has ended by itself. */
async function untilEnd(running: DevWorker, server: XmppServer | undefined): Promise<number> {
  const parts = [running.group.ended.then(() => "The Worker")];
  if (server !== undefined) parts.push(server.ended().then(() => "The XMPP server"));
  const part = await Promise.race(parts);
  // Whoever ends a whole process tree may reach the parts a moment before this process.
  await sleep(SIGNAL_GRACE_MS);
  if (!stopping.signal.aborted) {
    say(`\n${part} has ended by itself; stopping the rest.`);
    say("What they printed: .data/worker/worker.log, .data/demo/prosody.log");
  }
  return 1;
}

function explain(url: string): void {
  const [alice, bob] = DEMO_ACCOUNTS;
  say();
  say(`Alcove is ready: ${url}`);
  say();
  if (xmpp === undefined) {
    say("  Open it and sign in with the address and password of your XMPP account.");
    say("  Open it in a second browser (or another profile), sign in the same way: both share one session.");
  } else {
    say(`  1. Open ${url} in a browser.       Address: ${alice.name}@localhost   Password: ${alice.password}`);
    say(`  2. Open it in a second browser, or in another profile, with the same address and password.`);
    say(`     Both are devices of one account: allow the second in the first, and what one sends, the other shows.`);
    say(`  3. To be the contact, open it in a third (another browser or profile).`);
    say(
      `                                                    Address: ${bob.name}@localhost     Password: ${bob.password}`,
    );
    say(`  ${alice.name} and ${bob.name} know each other already: say something.`);
    say();
    say(`  Accounts of other servers work as well. XMPP clients on this machine reach the demo's server at`);
    say(`  localhost:${port + XMPP_OFFSET} (STARTTLS); its authority is .data/demo/certs/ca.crt.`);
  }
  say();
  say("Everything is kept in .data/ and is there again next time. Ctrl-C stops everything.");
}

function readPort(): number {
  const { values: given } = parseArgs({ strict: false, options: { port: { type: "string" } } });
  const number = Number(given["port"] ?? DEFAULT_PORT);
  if (Number.isInteger(number) && number > 1_023 && number < 65_000) return number;
  say("--port wants a number between 1024 and 65000.");
  process.exit(1);
}
