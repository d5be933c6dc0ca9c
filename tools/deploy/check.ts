/** `npm run deploy -- --check [URL]`: a live deployment looked at from outside, against what this folder would deploy. */
import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { ROUTES } from "../../worker/contract/routes.ts";
import { ANSWER_HEADERS } from "../../worker/headers.ts";
import { parseAllowedDomains } from "../../worker/shared/allowed-domains.ts";
import { inProject } from "../project.ts";
import { say } from "../step.ts";
import { headersAt, type HeaderRules, parseHeaders } from "./headers-file.ts";
import { homeOf, readSettings } from "./home.ts";
import { look, type Looked, valuesOf } from "./look.ts";
import type { Options } from "./options.ts";
import { type Release, thisRelease } from "./release.ts";
import { allowedInWords } from "./settings.ts";

const DEFAULT_NAME = "alcove";
const SERVICE_WORKER = "/service-worker.js";
const OK = 200;
const NOT_FOUND = 404;
/** The Worker's answer to an address of a domain that it does not take, before anything is asked or counted. */
const UNPROCESSABLE = 422;
const NAVIGATION = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", accept: "text/html" };

/** `good` undefined: something to know. */
export type Finding = { readonly good: boolean | undefined; readonly words: string };

const healthShape = v.object({
  contract: v.number(),
  version: v.string(),
  commit: v.string(),
  domains: v.picklist(["nobody", "everybody", "listed"]),
  objects: v.string(),
  gateway: v.optional(v.string()),
});

/** Says line by line what is right and what is not. @returns whether all is right */
export async function check({ url, name = DEFAULT_NAME, folder }: Options): Promise<boolean> {
  const kept = await readSettings(homeOf(name, folder));
  const { address: deployed, allowed } = kept.kind === "so" ? kept.value : {};
  const address = url ?? deployed;
  if (address === undefined) {
    say("Which deployment? npm run deploy -- --check https://chat.example.org");
    return false;
  }
  const origin = originOf(address);
  if (origin === undefined) {
    say(`"${address}" is no address of a page.`);
    return false;
  }
  const findings = await findingsAt(origin, allowed, await thisRelease());
  for (const { good, words } of findings) say(`${good === undefined ? "      " : good ? "  ok  " : "WRONG "} ${words}`);
  const wrong = findings.filter(({ good }) => good === false).length;
  say(
    wrong === 0 ? `${origin.origin} is as it should be.` : `${wrong} of ${findings.length} are not as they should be.`,
  );
  return wrong === 0;
}

/** @param allowed what the settings say of whose accounts may sign in, where they say it */
export async function findingsAt(origin: URL, allowed: string | undefined, here: Release): Promise<readonly Finding[]> {
  const rules = parseHeaders(await readFile(inProject("web/_headers"), "utf8"));
  const at = (path: string) => new URL(path, origin);
  let page: Looked;
  try {
    page = await look(at("/"), { headers: NAVIGATION });
  } catch (error) {
    return [
      { good: false, words: `${origin.origin} does not answer: ${error instanceof Error ? error.message : "?"}` },
    ];
  }
  const assets = [...new Set([...page.body.matchAll(/\/assets\/[\w.-]+/g)].map(([path]) => path))];
  return [
    finding(page.status === OK && page.body.startsWith("<!doctype html>"), "the page is there"),
    ...headerFindings("the page", page, headersAt(rules, "/")),
    finding(assets.length > 0, `the page names ${assets.length} assets`),
    ...(await Promise.all(assets.map((path) => assetFindings(path, at(path), rules)))).flat(),
    ...(await serviceWorkerFindings(at(SERVICE_WORKER), rules)),
    ...(await missingFindings(at)),
    ...(await healthFindings(at(ROUTES.health), allowed, here)),
    ...(await domainFindings(origin, at(ROUTES.signIn), allowed)),
  ];
}

async function assetFindings(path: string, url: URL, rules: HeaderRules): Promise<readonly Finding[]> {
  const asset = await look(url, { headers: { "accept-encoding": "br, gzip" } });
  const packed = valuesOf(asset, "content-encoding").some((how) => /br|gzip|zstd/.test(how));
  return [
    finding(asset.status === OK, `${path} is there`),
    ...headerFindings(path, asset, headersAt(rules, path)),
    ...(/\.(?:js|css)$/.test(path) ? [finding(packed, `${path} travels compressed`)] : []),
  ];
}

/** It imports what reads pushes, for which no hash can be named: with the page's policy of hashes a closed browser stays silent. */
async function serviceWorkerFindings(url: URL, rules: HeaderRules): Promise<readonly Finding[]> {
  const script = await look(url);
  return [
    finding(script.status === OK, `${SERVICE_WORKER} is there`),
    ...headerFindings(SERVICE_WORKER, script, headersAt(rules, SERVICE_WORKER)),
    finding(valuesOf(script, "integrity-policy").length === 0, `${SERVICE_WORKER} may import what reads pushes`),
  ];
}

/** A file that is not there may be there a moment later: whoever asks too early must not keep the answer. */
async function missingFindings(at: (path: string) => URL): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const path of ["/assets/gone-AAAAAAAA.js", "/gone"]) {
    for (const headers of [NAVIGATION, {}]) {
      const missing = await look(at(path), { headers });
      const html = valuesOf(missing, "content-type").some((type) => type.includes("html"));
      const kept = valuesOf(missing, "cache-control").some((value) => /immutable|max-age=[1-9]/.test(value));
      const how = headers === NAVIGATION ? "as a page" : "as a file";
      findings.push(
        finding(
          missing.status === NOT_FOUND && !html && !kept,
          `${path}, asked for ${how}, is a 404 that nobody keeps`,
        ),
      );
    }
  }
  return findings;
}

async function healthFindings(url: URL, allowed: string | undefined, here: Release): Promise<readonly Finding[]> {
  const answer = await look(url);
  const read = v.safeParse(healthShape, parsedJson(answer.body));
  const headers = headerFindings("the Worker's answer", answer, lowerCase(ANSWER_HEADERS));
  if (!read.success) return [...headers, finding(false, `${url.pathname} says how it is (an older release does not)`)];
  const { contract, version, commit, domains, objects, gateway } = read.output;
  const there = `${version} (${commit}), contract ${contract}`;
  return [
    ...headers,
    finding(objects === "answer" && answer.status === OK, `the objects ${objects}`),
    ...(gateway === undefined
      ? []
      : [finding(gateway === "stands", `the gateway for pushes of XMPP servers ${gateway}`)]),
    finding(
      contract === here.contract,
      `release ${there}; this folder has ${here.version} (${here.commit}), contract ${here.contract}`,
    ),
    ...(commit === here.commit ? [] : [{ good: undefined, words: "The release is another one than in this folder." }]),
    ...(allowed === undefined
      ? [{ good: undefined, words: `Of domains it says: ${domains}.` }]
      : [
          finding(
            domains === parseAllowedDomains(allowed).kind,
            `it says of domains "${domains}"; the settings: ${allowedInWords(allowed)}`,
          ),
        ]),
  ];
}

/** Somebody of a domain that cannot exist knocks (RFC 2606 §2). An open deployment would look for a server, so it is not asked. */
async function domainFindings(origin: URL, url: URL, allowed: string | undefined): Promise<readonly Finding[]> {
  if (allowed === undefined || parseAllowedDomains(allowed).kind === "everybody") return [];
  const answer = await look(url, {
    method: "POST",
    headers: { origin: origin.origin, "content-type": "application/json" },
    body: JSON.stringify({ address: "somebody@deployment-check.invalid", name: "check", kind: "computer" }),
  });
  const refused = answer.status === UNPROCESSABLE && /"(?:domain-refused|no-domains)"/.test(answer.body);
  return [finding(refused, "an account of a domain that is not allowed is refused")];
}

function headerFindings(whose: string, answer: Looked, wanted: Readonly<Record<string, string>>): readonly Finding[] {
  const wrong = Object.entries(wanted).filter(([name, value]) => valuesOf(answer, name).join("\n") !== value);
  if (wrong.length === 0)
    return [finding(true, `${whose} has its ${Object.keys(wanted).length} headers, byte for byte`)];
  return wrong.map(([name]) => finding(false, `${whose}: ${name} is ${JSON.stringify(valuesOf(answer, name))}`));
}

function finding(good: boolean, words: string): Finding {
  return { good, words };
}

function originOf(address: string): URL | undefined {
  const text = /^https?:\/\//.test(address) ? address : `https://${address}`;
  return URL.canParse(text) ? new URL(new URL(text).origin) : undefined;
}

function lowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page, perhaps: no shape fits it.
    return undefined;
  }
}
