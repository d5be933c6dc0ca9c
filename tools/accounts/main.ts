/** `npm run accounts`: what the operator of a deployment may do with its accounts; see `--help` and docs/operating.md. */
import { createWriteStream } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import { finished } from "node:stream/promises";
import type { BareJid } from "../../worker/contract/names.ts";
import type { AccountOverview } from "../../worker/contract/operator.ts";
import { homeOf, readSecret, readSettings } from "../deploy/home.ts";
import { Ended, personHere } from "../deploy/person.ts";
import { refuse, type Said, so } from "../deploy/said.ts";
import { say } from "../step.ts";
import { exportedLines } from "./export.ts";
import { invite, listInvitations, uninvite } from "./invitations.ts";
import { Operator } from "./operator.ts";
import { type Asked, HELP, type Options, readOptions } from "./options.ts";
import { nameSecretIn } from "./secret.ts";

const DEFAULT_NAME = "alcove";

const ended = await main().catch((error: unknown) => {
  if (error instanceof Ended) return refuse("\nNothing was answered, so nothing was changed.");
  throw error;
});
if (ended.kind === "refuse") say(ended.words);
process.exit(ended.kind === "so" ? 0 : 1);

async function main(): Promise<Said<undefined>> {
  const options = readOptions(process.argv.slice(2), Date.now());
  if (options.kind === "refuse") return options;
  const { command } = options.value;
  if (command.kind === "help") {
    say(HELP);
    return so(undefined);
  }
  const operator = await operatorOf(options.value);
  return operator.kind === "refuse" ? operator : carryOut(command, operator.value);
}

/** Of the deployment that is kept here, or of any other one whose secret is given. */
async function operatorOf({ name = DEFAULT_NAME, folder, ...given }: Options): Promise<Said<Operator>> {
  const home = homeOf(name, folder);
  const kept = await readSettings(home);
  const url = given.url ?? process.env["ALCOVE_URL"] ?? (kept.kind === "so" ? kept.value.address : undefined);
  if (url === undefined || !URL.canParse(url))
    return refuse("Which deployment? Say its address: --url https://chat.example.org");
  const { origin, protocol, hostname } = new URL(url);
  if (protocol !== "https:" && !["localhost", "127.0.0.1", "[::1]"].includes(hostname))
    return refuse(`${origin} would send what it answers in clear: https:// is wanted.`);
  const secret =
    given.secretFile === undefined
      ? (process.env["NAME_SECRET"] ?? (await readSecret(home.copy)))
      : nameSecretIn(await readFile(given.secretFile, "utf8").catch(() => ""));
  if (secret === undefined)
    return refuse(
      `There is no NAME_SECRET ${given.secretFile === undefined ? `in ${home.copy}` : `in ${given.secretFile}`}. Say where a copy of it lies: --secret FILE`,
    );
  return so(new Operator(origin, secret));
}

async function carryOut(command: Asked, operator: Operator): Promise<Said<undefined>> {
  switch (command.kind) {
    case "list":
      return list(operator);
    case "counters":
      return counters(operator);
    case "export":
      return command.file === undefined
        ? eachLine(operator, command.address, (line) => process.stdout.write(line))
        : exportTo(command.file, operator, command.address);
    case "delete":
      return remove(operator, command);
    case "restore":
      return restore(operator, command);
    case "invite":
      return invite(operator, command);
    case "invitations":
      return listInvitations(operator, command.links);
    case "uninvite":
      return uninvite(operator, command.id);
  }
}

async function list(operator: Operator): Promise<Said<undefined>> {
  let silent = 0;
  let accounts = 0;
  let after: string | undefined;
  do {
    const page = await operator.ask("list", after === undefined ? {} : { after });
    if (page.kind === "refuse") return page;
    for (const account of page.value.accounts) say(lineOf(account));
    accounts += page.value.accounts.length;
    silent += page.value.silent;
    after = page.value.next;
  } while (after !== undefined);
  say(`${accounts} accounts${silent > 0 ? `; ${silent} more did not answer` : ""}.`);
  return so(undefined);
}

function lineOf({ account, browsers, attached, lastSeen, stayOnline, bytes }: AccountOverview): string {
  const seen = lastSeen === undefined ? "never" : new Date(lastSeen).toISOString();
  const stays = stayOnline ? ", stays online" : "";
  return `${account}  ${browsers} browsers (${attached} now), seen ${seen}, ${Math.ceil(bytes / 1024)} KiB${stays}`;
}

async function counters(operator: Operator): Promise<Said<undefined>> {
  const counts = await operator.ask("counters", {});
  if (counts.kind === "refuse") return counts;
  say(`${counts.value.accounts} accounts. Tries to sign in (UTC):`);
  for (const { day, proved, wrong, failed, refused, newAccounts } of counts.value.days)
    say(`${day}  ${proved} signed in (${newAccounts} new), ${wrong} wrong, ${failed} failed, ${refused} refused`);
  return so(undefined);
}

async function eachLine(
  operator: Operator,
  address: BareJid,
  write: (line: string) => unknown,
): Promise<Said<undefined>> {
  for await (const line of exportedLines(operator, address)) {
    if (line.kind === "refuse") return line;
    write(`${line.value}\n`);
  }
  return so(undefined);
}

/** The file bears its name once all of it is there; it is for its owner alone. */
async function exportTo(file: string, operator: Operator, address: BareJid): Promise<Said<undefined>> {
  const making = `${file}.unfinished`;
  const stream = createWriteStream(making, { mode: 0o600 });
  const result = await eachLine(operator, address, (line) => stream.write(line));
  stream.end();
  await finished(stream);
  if (result.kind === "refuse") {
    await rm(making, { force: true });
    return result;
  }
  await rename(making, file);
  say(`${file}: all that is kept of ${address}.`);
  return so(undefined);
}

async function remove(operator: Operator, command: Asked & { kind: "delete" }): Promise<Said<undefined>> {
  const { address } = command;
  const found = await operator.ask("overview", { address });
  if (found.kind === "refuse") return found;
  say(`${lineOf(found.value)}
All that is kept of it here goes for ever, and its browsers are signed out; what they hold they keep. At the XMPP server the
account stays, and the devices of these browsers stay on its list until somebody takes them off.`);
  if (!(await agreed(command.agreed, "delete"))) return refuse("Nothing was changed.");
  const deleted = await operator.ask("delete", { address });
  if (deleted.kind === "refuse") return deleted;
  say(`${address} is deleted.`);
  return so(undefined);
}

async function restore(operator: Operator, command: Asked & { kind: "restore" }): Promise<Said<undefined>> {
  const { address, to } = command;
  const found = await operator.ask("overview", { address });
  if (found.kind === "refuse") return found;
  say(`${lineOf(found.value)}
goes back to what was kept of it at ${new Date(to).toISOString()}. Browsers that have more begin the log anew and keep their
texts; who signed in since then signs in again; who was signed out since then is signed in again.`);
  if (!(await agreed(command.agreed, "restore"))) return refuse("Nothing was changed.");
  const done = await operator.ask("restore", { address, to });
  if (done.kind === "refuse") return done;
  if (!done.value.restored)
    return refuse(`This deployment keeps no history of its objects, as one's own server: there, stop it, put
objects/alcove-Account/${found.value.object}.sqlite of a backup in the place of that file, and start it. Nothing was changed.`);
  say(`${address} is back.`);
  return so(undefined);
}

/** Without a terminal nobody can be asked. */
async function agreed(already: boolean, word: string): Promise<boolean> {
  if (already) return true;
  const person = personHere();
  if (person === undefined) {
    say("Say --yes to agree.");
    return false;
  }
  return (await person.ask(`Type "${word}" to go on, anything else to stop:`, so)) === word;
}
