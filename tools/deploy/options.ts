/** What the command line and the environment say; everything that is asked in a terminal can be said here. */
import { parseArgs } from "node:util";
import { refuse, type Said, so } from "./said.ts";
import { type Key, parseKey, type Settings } from "./settings.ts";

export type Options = {
  readonly mode: "deploy" | "dry-run" | "check" | "help";
  /** Of the Worker; where it is missing, the one in wrangler.toml. */
  readonly name: string | undefined;
  /** For `check`: the deployment's address, where the settings do not say it. */
  readonly url: string | undefined;
  readonly settings: Settings;
  /** Beside the settings, `NAME=VALUE`: variables of the Worker that nobody is asked for. */
  readonly variables: Readonly<Record<string, string>>;
  /** The name that the account shall have below workers.dev, where it has none. */
  readonly subdomain: string | undefined;
  /** The copy of NAME_SECRET is written here without a question. */
  readonly backup: boolean;
  /** A file with NAME_SECRET. */
  readonly restore: string | undefined;
  /** NAME_SECRET itself, as a runner keeps it. */
  readonly nameSecret: string | undefined;
  readonly replaceNameSecret: boolean;
  /** Another host than before, in full knowledge. */
  readonly move: boolean;
  /** A DNS record that is in the host's way is replaced, in full knowledge. */
  readonly replaceRecord: boolean;
  /** The folder of settings and copies. */
  readonly folder: string | undefined;
};

export const FLAGS = {
  account: { flag: "--account", variable: "CLOUDFLARE_ACCOUNT_ID" },
  host: { flag: "--domain", variable: "ALCOVE_DOMAIN" },
  allowed: { flag: "--allow", variable: "ALCOVE_ALLOW" },
  jurisdiction: { flag: "--jurisdiction", variable: "ALCOVE_JURISDICTION" },
  location: { flag: "--location", variable: "ALCOVE_LOCATION" },
  subdomain: { flag: "--subdomain", variable: "ALCOVE_SUBDOMAIN" },
} as const;

export const HELP = `npm run deploy -- [what is known already]
  --domain HOST         its address: workers.dev (the default of the platform) or a name of your own, chat.example.org
  --allow DOMAINS       whose accounts may sign in: "example.org chat.example.org", anyone, nobody
  --jurisdiction NAME   where everything stays: eu, us, fedramp, none; never changed later
  --location NAME       near where, without a jurisdiction: weur eeur enam wnam sam apac oc afr me, auto
  --account ID          Cloudflare's account, by id or name
  --subdomain NAME      the account's name below workers.dev, where it has none yet
  --name NAME           of the Worker, for a second deployment beside the first
  --var NAME=VALUE      a variable of wrangler.toml, e.g. XMPP_ENDPOINTS; as often as needed
  --backup              keep a copy of NAME_SECRET here without asking
  --restore-name-secret FILE   put a copy back
  --move                yes, to another address, although browsers begin there anew
  --replace-record      yes, in place of the DNS record that the host has now
  --folder FOLDER       of settings and copies, in place of .deployments/
  --dry-run             build all, upload nothing
  --check [URL]         look at what is deployed
The same by environment: CLOUDFLARE_API_TOKEN, CLOUDFLARE_ACCOUNT_ID, NAME_SECRET, ALCOVE_DOMAIN, ALCOVE_ALLOW,
ALCOVE_JURISDICTION, ALCOVE_LOCATION, ALCOVE_SUBDOMAIN, ALCOVE_NAME, ALCOVE_DEPLOYMENTS. See docs/operating.md.`;

const DEFINITIONS = {
  name: { type: "string" },
  account: { type: "string" },
  domain: { type: "string" },
  allow: { type: "string" },
  jurisdiction: { type: "string" },
  location: { type: "string" },
  subdomain: { type: "string" },
  var: { type: "string", multiple: true },
  backup: { type: "boolean" },
  "restore-name-secret": { type: "string" },
  "replace-name-secret": { type: "boolean" },
  move: { type: "boolean" },
  "replace-record": { type: "boolean" },
  folder: { type: "string" },
  "dry-run": { type: "boolean" },
  check: { type: "boolean" },
  help: { type: "boolean" },
} as const;

/** @param environment an empty variable says nothing, as runners set those that nobody has given */
export function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv): Said<Options> {
  const parsed = parsedArgs(args);
  if (parsed.kind === "refuse") return parsed;
  const { values, positionals } = parsed.value;
  if (positionals.length > (values.check ? 1 : 0)) return refuse(`"${positionals.at(-1)}" is not understood.\n${HELP}`);
  const given: Readonly<Record<Key, string | undefined>> = {
    account: values.account ?? environment[FLAGS.account.variable],
    host: values.domain ?? environment[FLAGS.host.variable],
    allowed: values.allow ?? environment[FLAGS.allowed.variable],
    jurisdiction: values.jurisdiction ?? environment[FLAGS.jurisdiction.variable],
    location: values.location ?? environment[FLAGS.location.variable],
  };
  const settings: Partial<Record<Key, string>> = {};
  for (const key of Object.keys(given) as Key[]) {
    const text = given[key];
    if (text === undefined || text === "") continue;
    const read = parseKey(key, text);
    if (read.kind === "refuse") return refuse(`${FLAGS[key].flag} (${FLAGS[key].variable}): ${read.words}`);
    settings[key] = read.value;
  }
  const variables = readVariables(values.var ?? []);
  if (variables.kind === "refuse") return variables;
  return so({
    mode: values.help ? "help" : values.check ? "check" : values["dry-run"] ? "dry-run" : "deploy",
    name: values.name ?? orNothing(environment["ALCOVE_NAME"]),
    url: positionals[0],
    settings,
    variables: variables.value,
    subdomain: values.subdomain ?? orNothing(environment[FLAGS.subdomain.variable]),
    backup: values.backup === true,
    restore: values["restore-name-secret"],
    nameSecret: orNothing(environment["NAME_SECRET"]),
    replaceNameSecret: values["replace-name-secret"] === true,
    move: values.move === true,
    replaceRecord: values["replace-record"] === true,
    folder: values.folder ?? orNothing(environment["ALCOVE_DEPLOYMENTS"]),
  });
}

function parsedArgs(args: readonly string[]) {
  try {
    return so(parseArgs({ args: [...args], options: DEFINITIONS, allowPositionals: true }));
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
  }
}

/** What the questions are about is said by its own flag, or two answers would stand beside each other. */
const ASKED = [
  "ALLOWED_DOMAINS",
  "JURISDICTION",
  "LOCATION",
  "RELEASE",
  "NAME_SECRET",
  "NAME_SECRET_PRINT",
  "COOKIE_SECRET",
];

function readVariables(lines: readonly string[]): Said<Readonly<Record<string, string>>> {
  const variables: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value] = /^([A-Z][A-Z0-9_]*)=([\s\S]*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return refuse(`--var wants NAME=VALUE, not "${line}".`);
    if (ASKED.includes(name)) return refuse(`${name} is not given by --var. See --help.`);
    variables[name] = value;
  }
  return so(variables);
}

function orNothing(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
