/** The walk of a deployment: find out, ask, say what changes, upload, say what is next. Nothing is changed before all is known. */
import { buildPage } from "../build-page.ts";
import { inProject } from "../project.ts";
import { say } from "../step.ts";
import { writeWhole } from "../write-whole.ts";
import { configFor, readTracked, variablesIn } from "./config.ts";
import { sayEnding } from "./ending.ts";
import { addressOf, hostsOf, leftBehind, moveInWords, recordInWords } from "./host.ts";
import { homeOf, readSettings, writeSettings } from "./home.ts";
import { FLAGS, type Options } from "./options.ts";
import type { Person } from "./person.ts";
import { type DeployedWorker, Platform } from "./platform.ts";
import { chooseAccount, completed } from "./questions.ts";
import { changeBetween, type Release, releaseIn, thisRelease } from "./release.ts";
import { refuse, type Said, so } from "./said.ts";
import { prepareSecrets } from "./secret-copy.ts";
import { allowedInWords, conflictWith, folded, parseKey, type Settings, settingsOf, WORKERS_DEV } from "./settings.ts";
import { currentToken, signIn, upload } from "./wrangler.ts";

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const ACCOUNT_ID = /^[0-9a-f]{32}$/;

/** @returns the address of the deployment */
export async function deploy(options: Options, person: Person | undefined): Promise<Said<string>> {
  const tracked = await readTracked(inProject("wrangler.toml"));
  const name = options.name ?? tracked.name ?? "alcove";
  if (!NAME.test(name)) return refuse(`"${name}" cannot be the name of a Worker: small letters, digits and hyphens.`);
  const home = homeOf(name, options.folder);
  const kept = await readSettings(home);
  if (kept.kind === "refuse") return kept;

  const token = await signedIn(person);
  if (token.kind === "refuse") return token;
  const platform = new Platform(token.value);
  const account = await accountOf(platform, options.settings.account ?? kept.value.account, person);
  if (account.kind === "refuse") return account;
  if (kept.value.account !== undefined && kept.value.account !== account.value) {
    return refuse(
      `The settings in ${home.folder} are those of a deployment in another account (${kept.value.account}). For a second ` +
        "deployment take another folder: --folder FOLDER.",
    );
  }
  const found = await platform.worker(account.value, name);
  if (found.kind === "refuse") return found;
  const worker = found.value;

  const there = worker && { ...settingsOf(worker.variables), ...hostThere(worker) };
  const wanted = folded(options.settings, kept.value, there ?? {}, trackedSettings(variablesIn(tracked)));
  const conflict = there && conflictWith(there, wanted);
  if (conflict !== undefined) return refuse(conflict);
  if (worker === undefined) say(`This is the first deployment of "${name}".`);
  const answered = await completed(wanted, person);
  if (answered.kind === "refuse") return answered;
  const settings: Settings = { ...answered.value, account: account.value };
  const host = settings.host ?? WORKERS_DEV;

  const agreed = await agreedTo(host, worker, options, person);
  if (agreed.kind === "refuse") return agreed;
  const place = await placeFor(host, { platform, account: account.value, name, options, person });
  if (place.kind === "refuse") return place;
  const address = addressOf(host, name, place.value);
  // In a terminal wrangler asks.
  const asks = host !== WORKERS_DEV && person === undefined && !options.replaceRecord;
  const recordThere = async () => (asks ? platform.hasRecord(account.value, name, host) : so(false));
  const record = await recordThere();
  if (record.kind === "refuse") return record;
  if (record.value) return refuse(recordInWords(host, false));

  const before = worker && releaseIn(worker.variables);
  const secrets = await prepareSecrets(
    worker && { names: worker.secrets, print: before?.names },
    home,
    options,
    person,
  );
  if (secrets.kind === "refuse") return secrets;
  const variables = { ...givenBefore(worker, before), ...kept.value.variables, ...options.variables };
  await writeSettings(home, { ...settings, variables });
  say(`\n${worker ? "Deploying again" : "Deploying"}: ${address}; ${allowedInWords(settings.allowed ?? "")}.`);

  // A runner may have built it in a step of its own.
  if (process.env["ALCOVE_PAGE"] !== "built" && !(await buildPage()))
    return refuse("The page could not be built; the words are above. Nothing was uploaded.");
  const print = secrets.value.print;
  const release = { ...(await thisRelease()), ...(print && { names: print }), given: Object.keys(variables) };
  const deployment = { name, account: account.value, settings, variables, release: JSON.stringify(release) };
  const put = async (unreached: boolean, withSecrets: Readonly<Record<string, string>>) => {
    await writeWhole(home.config, JSON.stringify(configFor(tracked, { ...deployment, unreached }), null, 2));
    return upload(home.config, account.value, withSecrets);
  };
  const isLookedAtLater = record.value === undefined;
  // Whose account that is nobody but the deployer knows; without one that was given now the one of before stays.
  const password = process.env["GATEWAY_PASSWORD"];
  const ofGateway: Readonly<Record<string, string>> = password ? { GATEWAY_PASSWORD: password } : {};
  const uploaded = await put(isLookedAtLater, { ...secrets.value.upload, ...ofGateway });
  if (uploaded.kind === "refuse") return uploaded;
  const copy = await secrets.value.settle();
  if (isLookedAtLater) {
    const later = await recordThere();
    if (later.kind === "refuse") return later;
    if (later.value === true) return refuse(recordInWords(host, true));
    const reached = await put(false, {});
    if (reached.kind === "refuse") return reached;
  }
  await writeSettings(home, { ...settings, variables, address });
  sayEnding(address, settings, worker === undefined, copy);
  return so(address);
}

async function signedIn(person: Person | undefined): Promise<Said<string>> {
  const token = await currentToken();
  if (token !== undefined) return so(token);
  if (process.env["CLOUDFLARE_API_KEY"] !== undefined)
    return refuse(
      "A global API key may do everything with the account, and is not taken: set CLOUDFLARE_API_TOKEN instead.",
    );
  if (person === undefined) {
    return refuse(
      "Nobody is signed in to Cloudflare, and nobody is here to do so: set CLOUDFLARE_API_TOKEN (dash.cloudflare.com, My " +
        'Profile, API Tokens, template "Edit Cloudflare Workers"), or run this command in a terminal.',
    );
  }
  say(
    "You are not signed in to Cloudflare yet. A browser opens for that; without one, set CLOUDFLARE_API_TOKEN instead.",
  );
  const made = (await signIn()) ? await currentToken() : undefined;
  return made === undefined ? refuse("The sign-in did not end well; wrangler's own words are above.") : so(made);
}

/** Cloudflare's id. One that is given is taken as it is: a token may be without the right to list accounts. */
async function accountOf(
  platform: Platform,
  wanted: string | undefined,
  person: Person | undefined,
): Promise<Said<string>> {
  if (wanted !== undefined && ACCOUNT_ID.test(wanted)) return so(wanted);
  const accounts = await platform.accounts();
  if (accounts.kind === "refuse") return accounts;
  const account = await chooseAccount(accounts.value, wanted, person);
  return account.kind === "refuse" ? account : so(account.value.id);
}

/** The platform's own builds bring the answers of the deploy button's form in wrangler.toml; nobody has typed an empty one. */
function trackedSettings(variables: Readonly<Record<string, string>>): Settings {
  const { ALLOWED_DOMAINS: typed, JURISDICTION: jurisdiction, LOCATION: location } = variables;
  const parsed = typed === undefined ? undefined : parseKey("allowed", typed === "*" ? "anyone" : typed);
  const said: Settings = {
    ...(parsed?.kind === "so" && { allowed: parsed.value }),
    ...(jurisdiction && { jurisdiction }),
    ...(location && { location }),
  };
  if (process.env["WORKERS_CI"] !== "1") return said;
  return { host: WORKERS_DEV, allowed: "", jurisdiction: "none", location: "auto", ...said };
}

function hostThere(worker: DeployedWorker): Settings {
  const [host] = hostsOf(worker) ?? [];
  return host === undefined ? {} : { host };
}

function givenBefore(
  worker: DeployedWorker | undefined,
  before: Release | undefined,
): Readonly<Record<string, string>> {
  const entries = Object.entries(worker?.variables ?? {});
  return Object.fromEntries(entries.filter(([name]) => before?.given?.includes(name)));
}

/** What this deployment changes for people who are signed in has been said, and agreed to where it costs them something. */
async function agreedTo(
  host: string,
  worker: DeployedWorker | undefined,
  options: Options,
  person: Person | undefined,
): Promise<Said<undefined>> {
  if (worker === undefined) return so(undefined);
  const now = hostsOf(worker);
  if (now === undefined) say("Which host names lead to this deployment cannot be seen with this token.");
  const from = leftBehind(now ?? [], host);
  if (from.length > 0) {
    say(`\n${moveInWords(from, host)}`);
    const moves =
      options.move || (person && (await person.ask('Type "move" to go on, anything else to stop:', so)) === "move");
    if (!moves) {
      const how = person ? "" : ` Say --move to agree, or ${FLAGS.host.flag} ${from[0]} to stay.`;
      return refuse(`Nothing was changed.${how}`);
    }
  }
  const change = changeBetween(releaseIn(worker.variables), await thisRelease());
  if (change.kind === "harm") return refuse(change.words);
  say("\nFor people who are signed in: every connection is away for some seconds and comes back by itself.");
  if (change.kind === "none") return so(undefined);
  for (const words of change.words) say(`  - ${words}`);
  if (person !== undefined && !(await person.agrees("Deploy now?"))) return refuse("Nothing was changed.");
  return so(undefined);
}

type Place = {
  readonly platform: Platform;
  readonly account: string;
  readonly name: string;
  readonly options: Options;
  readonly person: Person | undefined;
};

/** That the host can be had. @returns the account's name below workers.dev, where it is needed */
async function placeFor(host: string, place: Place): Promise<Said<string | undefined>> {
  const { platform, account, name, options, person } = place;
  if (host !== WORKERS_DEV) {
    const owner = await platform.ownerOf(account, host);
    if (owner.kind === "refuse" || owner.value === undefined || owner.value === name) return so(undefined);
    return refuse(
      `${host} leads to the Worker "${owner.value}" now. Take it away there first, or choose another host.`,
    );
  }
  const there = await platform.subdomain(account);
  if (there.kind === "refuse" || there.value !== undefined) return there;
  if (options.subdomain !== undefined) return platform.takeSubdomain(account, options.subdomain);
  if (person === undefined) {
    return refuse(
      `This account has no name below workers.dev yet. Say one by ${FLAGS.subdomain.flag} (${FLAGS.subdomain.variable}), ` +
        `or a host name of your own by ${FLAGS.host.flag}.`,
    );
  }
  say(`\nThis account has no name below workers.dev yet. The address becomes https://${name}.NAME.workers.dev.`);
  for (;;) {
    const subdomain = await person.ask("Name:", (typed) =>
      NAME.test(typed.trim()) ? so(typed.trim()) : refuse("small letters, digits and hyphens."),
    );
    const taken = await platform.takeSubdomain(account, subdomain);
    if (taken.kind === "so") return taken;
    say(taken.words);
  }
}
