/**
 * What a deployment has been told, beside the secrets: kept in a file out of git, and in the variables of the Worker itself,
 * so that another machine knows it too.
 */
import * as v from "valibot";
import { parseAllowedDomains } from "../../worker/shared/allowed-domains.ts";
import { refuse, type Said, so } from "./said.ts";

/** `account`: Cloudflare's id or name of it. The others as `parseKey` says. A missing one has not been said yet. */
export type Settings = Readonly<Partial<Record<Key, string>>>;
export type Key = "account" | "host" | "allowed" | "jurisdiction" | "location";

/** The host that the platform gives: the Worker's name below the account's. */
export const WORKERS_DEV = "workers.dev";
export const JURISDICTIONS = ["none", "eu", "us", "fedramp"] as const;
export const LOCATIONS = ["auto", "weur", "eeur", "enam", "wnam", "sam", "apac", "oc", "afr", "me"] as const;
/** What is typed, and what stands in ALLOWED_DOMAINS. */
const ANYONE = "anyone";
const EVERYBODY = "*";
const NOBODY = "nobody";

/** Of an XMPP server; in any script. */
const DOMAIN = /^[^\s@/:*]+\.[^\s@/:*]+$/;
const HOST = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;

export const settingsFile = v.object({
  account: v.optional(v.string()),
  host: v.optional(v.string()),
  allowed: v.optional(v.string()),
  jurisdiction: v.optional(v.string()),
  location: v.optional(v.string()),
  /** Where it was deployed to. */
  address: v.optional(v.string()),
  /** Variables of the Worker that are asked of nobody; a gateway's address and push keys will be such. */
  variables: v.optional(v.record(v.string(), v.string())),
});
export type SettingsFile = v.InferOutput<typeof settingsFile>;

/** What somebody has typed for a setting, in the form in which it is kept. Fails with words about what may be typed. */
export function parseKey(key: Key, typed: string): Said<string> {
  const text = typed.trim();
  switch (key) {
    case "account":
      return text === "" ? refuse("the id or the name of an account.") : so(text);
    case "host":
      return parseHost(text.toLowerCase());
    case "allowed":
      return parseAllowed(text);
    case "jurisdiction":
      return oneOf(JURISDICTIONS, text.toLowerCase());
    case "location":
      return oneOf(LOCATIONS, text.toLowerCase());
  }
}

/** `workers.dev`, or a host name of one's own without scheme, port and path. */
function parseHost(text: string): Said<string> {
  const host = text.replace(/^https:\/\//, "").replace(/\/$/, "");
  if (host === WORKERS_DEV) return so(host);
  if (host.endsWith(`.${WORKERS_DEV}`))
    return refuse(`say ${WORKERS_DEV}: the name in front of it is the account's own.`);
  return HOST.test(host) ? so(host) : refuse(`${WORKERS_DEV}, or a host name as chat.example.org.`);
}

/** Domains separated by spaces; everybody only by the word, because everybody costs. */
function parseAllowed(text: string): Said<string> {
  if (text.toLowerCase() === ANYONE) return so(EVERYBODY);
  if (text.toLowerCase() === NOBODY) return so("");
  const words = 'domains as "example.org chat.example.org", or the word anyone, or the word nobody.';
  const allowed = parseAllowedDomains(text);
  if (allowed.kind !== "listed") return refuse(words);
  const wrong = allowed.domains.find((domain) => !DOMAIN.test(domain));
  return wrong === undefined ? so(allowed.domains.join(" ")) : refuse(`"${wrong}" is no domain; ${words}`);
}

function oneOf(words: readonly string[], text: string): Said<string> {
  return words.includes(text) ? so(text) : refuse(`one of: ${words.join(", ")}.`);
}

/** Whose accounts may sign in, in words. */
export function allowedInWords(allowed: string): string {
  const parsed = parseAllowedDomains(allowed);
  switch (parsed.kind) {
    case "nobody":
      return "nobody may sign in for now but who is invited: the page says so";
    case "everybody":
      return "accounts of every domain in the world may sign in, at your cost";
    case "listed":
      return `accounts of ${parsed.domains.join(", ")} may sign in`;
  }
}

/** What the Worker's own variables say of its settings. One that was deployed before there was a question was anywhere. */
export function settingsOf(variables: Readonly<Record<string, string>>): Settings {
  const { ALLOWED_DOMAINS: allowed, JURISDICTION: jurisdiction, LOCATION: location } = variables;
  return {
    jurisdiction: jurisdiction || "none",
    location: location || "auto",
    ...(allowed !== undefined && { allowed }),
  };
}

/** What is said first wins: the command line, the file, the Worker that is there. */
export function folded(...said: readonly Settings[]): Settings {
  const all: Partial<Record<Key, string>> = {};
  for (const settings of said) {
    for (const key of Object.keys(settings) as Key[]) if (settings[key] !== undefined) all[key] ??= settings[key];
  }
  return all;
}

/** Why these settings cannot be those of a Worker that is there. */
export function conflictWith(deployed: Settings, wanted: Settings): string | undefined {
  const { jurisdiction: there = "none" } = deployed;
  const { jurisdiction: asked = there } = wanted;
  if (there === asked) return undefined;
  return (
    `The jurisdiction of this deployment is "${there}" and stays so: it is part of the name of every account's object, and with ` +
    `"${asked}" all accounts would begin anew. For another jurisdiction make another deployment (--name).`
  );
}
