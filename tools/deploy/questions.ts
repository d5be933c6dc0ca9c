/** What has to be known and has not been said: asked in words where somebody is there, else named by its flag. */
import { say } from "../step.ts";
import { FLAGS } from "./options.ts";
import type { Person } from "./person.ts";
import type { Account } from "./platform.ts";
import { refuse, type Said, so } from "./said.ts";
import {
  allowedInWords,
  JURISDICTIONS,
  type Key,
  LOCATIONS,
  parseKey,
  type Settings,
  WORKERS_DEV,
} from "./settings.ts";

type Question = {
  readonly key: Exclude<Key, "account">;
  /** For the list of what is missing. */
  readonly short: string;
  /** Before the question. */
  readonly words: string;
  readonly question: string;
  readonly otherwise?: string;
};

const QUESTIONS: readonly Question[] = [
  {
    key: "host",
    short: "its address: workers.dev, or a host name of your own",
    words: `
Where shall it be reached? Browsers keep keys and texts for one address alone, so a later change makes each of them a new
device without its texts. Decide now, before the first person signs in:
  ${WORKERS_DEV}         the platform's own name for it; nothing to prepare
  chat.example.org    a name of yours, below a domain that is in this Cloudflare account (its DNS record is made)`,
    question: "Address:",
    otherwise: WORKERS_DEV,
  },
  {
    key: "allowed",
    short: 'whose accounts may sign in: "example.org chat.example.org", anyone, or nobody',
    words: `
Whose accounts may sign in? Every account costs you: one that stays online all day takes most of the free plan.
  example.org chat.example.org   accounts of these domains
  nobody                         nobody new, until you say whose
  anyone                         accounts of every domain in the world, at your cost`,
    question: "Domains:",
  },
  {
    key: "jurisdiction",
    short: `where everything stays: ${JURISDICTIONS.join(", ")}`,
    words: `
Where may the objects run and keep what they know? It is part of their names and can never be changed later.
  none      anywhere
  eu        in the European Union       us   in the United States
  fedramp   in FedRAMP's data centres (needs a contract with Cloudflare)`,
    question: "Jurisdiction:",
    otherwise: "none",
  },
  {
    key: "location",
    short: `near where: ${LOCATIONS.join(", ")}`,
    words: `
Near where shall new objects be made? Best near the XMPP server. An object that is there does not move.
  auto   near the browser that signs in first
  weur, eeur  Europe   enam, wnam  North America   sam  South America   apac  Asia   oc  Oceania   afr  Africa   me  Middle East`,
    question: "Place:",
    otherwise: "auto",
  },
];

/** Asked for everything that is missing. @param person undefined: fails, with everything that has to be said by flags */
export async function completed(known: Settings, person: Person | undefined): Promise<Said<Settings>> {
  if (person === undefined) {
    const missing = QUESTIONS.filter(({ key }) => isMissing(key, known));
    if (missing.length === 0) return so(known);
    const lines = missing.map(({ key, short }) => `  ${FLAGS[key].flag} (${FLAGS[key].variable}): ${short}`);
    return refuse(
      `Nobody is here to be asked, so this has to be said by flags or in the environment:\n${lines.join("\n")}`,
    );
  }
  let settings = known;
  for (const { key, words, question, otherwise } of QUESTIONS) {
    if (!isMissing(key, settings)) continue;
    say(words);
    settings = { ...settings, [key]: await person.ask(question, (typed) => parseKey(key, typed), otherwise) };
    if (key === "allowed") say(`  So ${allowedInWords(settings.allowed ?? "")}.`);
  }
  return so(settings);
}

/** Within a jurisdiction the platform itself chooses a place. */
function isMissing(key: Key, known: Settings): boolean {
  if (key === "location" && known.jurisdiction !== undefined && known.jurisdiction !== "none") return false;
  return known[key] === undefined;
}

/** The account to deploy to, of those that the sign-in reaches. @param wanted an id or a name */
export async function chooseAccount(
  accounts: readonly Account[],
  wanted: string | undefined,
  person: Person | undefined,
): Promise<Said<Account>> {
  const [only, ...more] = accounts;
  if (only === undefined) return refuse("This sign-in reaches no Cloudflare account. Is the token limited to none?");
  const names = accounts.map(({ id, name }) => `  ${name} (${id})`).join("\n");
  if (wanted !== undefined) {
    const found = accounts.filter(({ id, name }) => id === wanted || name === wanted);
    if (found[0] !== undefined && found.length === 1) return so(found[0]);
    const why = found.length === 0 ? "is not among those of this sign-in" : "is the name of several";
    return refuse(`The account "${wanted}" ${why}:\n${names}`);
  }
  if (more.length === 0) return so(only);
  if (person !== undefined) {
    say("\nThis sign-in reaches several Cloudflare accounts. Which one shall have the deployment?");
    return so(
      await person.choose(
        "Account:",
        accounts.map((account) => [`${account.name} (${account.id})`, account]),
      ),
    );
  }
  return refuse(
    `This sign-in reaches several Cloudflare accounts; say which one by ${FLAGS.account.flag} or ${FLAGS.account.variable}:\n${names}`,
  );
}
