/** What a server tells its own people alone: signs in with the object's and the browser's own code, asks, and leaves nothing. */
import { type Element, xml } from "@xmpp/xml";
import type { Endpoint } from "../../durable/link/discovery/endpoint.ts";
import { readEnabled } from "../../durable/link/management/answers.ts";
import type { Person } from "../../durable/link/sasl/credentials.ts";
import { authenticate, readOffer } from "../../durable/link/sasl/sasl.ts";
import { authenticate2, chooseSasl2, readSasl2Offer } from "../../durable/link/sasl/sasl2.ts";
import { enableCarbons } from "../../durable/xep/carbons.ts";
import { parseInfo, parseItems, requestInfo, requestItems, type DiscoInfo } from "../../durable/xep/disco.ts";
import { NS_MAM } from "../../durable/xep/mam.ts";
import { NS_BIND, NS_CLIENT_STATE, NS_MANAGEMENT, NS_SASL } from "../../durable/xep/namespaces.ts";
import { buildPublish, FEATURE_PUBLISH_OPTIONS, PUBLIC_NODE, SINGLE_ITEM } from "../../durable/xep/pubsub.ts";
import { buildDeleteNode } from "../../durable/xep/pubsub-owner.ts";
import { iqGet, iqSet } from "../../durable/xep/stanzas.ts";
import { parseStanzaLimit } from "../../durable/xep/stream-limits.ts";
import { makeScramKeys } from "../../worker/shared/scram-keys.ts";
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { ScramChallenge } from "../../worker/contract/sign-in.ts";
import { failed } from "../../worker/shared/failed.ts";
import { domainOf } from "../../worker/shared/jid.ts";
import type { Route } from "./route.ts";
import { featuresAt } from "./visit.ts";
import type { Wire } from "./wire.ts";

const NS_UPLOAD = "urn:xmpp:http:upload:0";
const NS_PUSH = "urn:xmpp:push:0";
/** Made and deleted at once; nobody asks to be told of it. */
const NODE = "urn:alcove:doctor";
const MOST_SERVICES = 20;

export type Facts = {
  readonly mechanism: string;
  /** Of PBKDF2; undefined with PLAIN. */
  readonly rounds: number | undefined;
  /**
   * The server draws another salt for each sign-in and gives no token, so nothing that could be kept signs in again
   * (ejabberd with passwords in clear).
   */
  readonly freshSalts: boolean;
  /** XEP-0198: as it was enabled. */
  readonly management: "resumes" | "counts" | "missing";
  readonly clientState: boolean;
  readonly carbons: boolean;
  /** Of the archive (XEP-0441 § default): `always`, `roster`, `never`, or that it is there without saying. */
  readonly archive: "always" | "roster" | "never" | "there" | "missing";
  readonly pep: boolean;
  readonly publishOptions: boolean;
  /** `ok`: a node was published for everybody to read; else the condition of the error. */
  readonly published: string;
  readonly push: boolean;
  /** Bytes; `any` where the service names no limit. */
  readonly upload: { readonly service: string; readonly most: number | "any" } | undefined;
  readonly rooms: string | undefined;
  /** Bytes of the largest stanza, where the server says it (XEP-0478). */
  readonly largest: number | undefined;
};

export type SignInWish = {
  readonly account: BareJid;
  readonly password: string;
  /** The server may get the password itself. */
  readonly plain: boolean;
  readonly endpoint: Endpoint;
  readonly route: Route;
};

/** Fails with all that finding a stream and SASL can fail with. The password goes nowhere but over verified TLS. */
export async function lookWithin(wish: SignInWish): Promise<Result<Facts>> {
  const { wire, features } = await featuresAt(wish.endpoint, { domain: domainOf(wish.account), route: wish.route });
  if (!features.ok) return features;
  if (wire?.secure !== true) return failed("bad-certificate", wish.endpoint.hostname);
  try {
    return await signedIn(wire, features.value, wish);
  } finally {
    wire.close();
  }
}

async function signedIn(wire: Wire, features: Element, wish: SignInWish): Promise<Result<Facts>> {
  const { account, password, plain } = wish;
  let challenge: ScramChallenge | undefined;
  const proof = await prove(wire, features, account, {
    ...{ kind: "person", plain, prefersToken: false },
    keysFor: (asked) => {
      challenge = asked;
      return makeScramKeys(password, asked);
    },
    password: async () => ({ ok: true, value: password }),
  });
  if (!proof.ok) return proof;
  const { mechanism, next } = proof.value;
  const tokens = readSasl2Offer(features)?.tokens ?? false;
  const freshSalts = challenge !== undefined && !tokens && (await saltNow(wish)) !== challenge.salt;
  const bound = await bind(wire);
  if (!bound) return failed("server-error", "bind");
  return {
    ok: true,
    value: { mechanism, rounds: challenge?.iterations, freshSalts, ...(await ask(wire, next, account)) },
  };
}

/** The salt of another sign-in, which goes no further. */
async function saltNow({ account, endpoint, route }: SignInWish): Promise<string | undefined> {
  const { wire, features } = await featuresAt(endpoint, { domain: domainOf(account), route });
  let salt: string | undefined;
  if (wire && features.ok) {
    await prove(wire, features.value, account, {
      ...{ kind: "person", plain: false, prefersToken: false },
      keysFor: async (asked) => {
        salt = asked.salt;
        return failed("sign-in-lapsed");
      },
      password: async () => failed("sign-in-lapsed"),
    });
  }
  wire?.close();
  return salt;
}

/** The older SASL where there is both: with the newer one a server would make a token that nobody uses. */
async function prove(
  wire: Wire,
  features: Element,
  account: BareJid,
  person: Person,
): Promise<Result<{ readonly mechanism: string; readonly next: Element }>> {
  const sasl2 = readSasl2Offer(features);
  if (sasl2 && readOffer(features, features.getChild("mechanisms", NS_SASL)).mechanisms.length === 0) {
    const mechanism = chooseSasl2(sasl2, person, wire.secure);
    if (!mechanism.ok) return mechanism;
    const request = { account, userAgent: crypto.randomUUID(), inline: [], invalidate: false };
    const done = await authenticate2(wire, { ...sasl2, tokens: false }, mechanism.value, person, request);
    if (!done.ok) return done;
    const next = await wire.next();
    return next.ok ? { ok: true, value: { mechanism: done.value.mechanism, next: next.value } } : next;
  }
  const done = await authenticate(wire, features, account, person);
  if (!done.ok) return done;
  const next = await wire.open();
  return next.ok ? { ok: true, value: { mechanism: done.value.mechanism, next: next.value } } : next;
}

async function bind(wire: Wire): Promise<boolean> {
  const { answer, error } = await wire.request(iqSet(xml("bind", { xmlns: NS_BIND })));
  return answer !== undefined && error === undefined;
}

async function ask(
  wire: Wire,
  features: Element,
  account: BareJid,
): Promise<Omit<Facts, "mechanism" | "rounds" | "freshSalts">> {
  const own = await infoOf(wire, account);
  const has = (feature: string): boolean => own?.features.includes(feature) ?? false;
  const pep = own?.identities.some(({ category, type }) => category === "pubsub" && type === "pep") ?? false;
  const carbons = await wire.request(enableCarbons());
  const services = await servicesOf(wire, domainOf(account));
  const upload = services.find(({ info }) => info.features.includes(NS_UPLOAD));
  const most = upload?.info.forms.flatMap(({ fields }) => fields).find(({ name }) => name === "max-file-size")
    ?.values[0];
  return {
    clientState: features.getChild("csi", NS_CLIENT_STATE) !== undefined,
    largest: parseStanzaLimit(features),
    carbons: carbons.answer !== undefined && carbons.error === undefined,
    archive: has(NS_MAM) ? await archivePolicy(wire) : "missing",
    pep,
    publishOptions: has(FEATURE_PUBLISH_OPTIONS),
    published: pep ? await publish(wire) : "no PEP",
    push: has(NS_PUSH),
    upload: upload && { service: upload.jid, most: most === undefined ? "any" : Number(most) },
    rooms: services.find(({ info }) => info.identities.some(({ category }) => category === "conference"))?.jid,
    // Last: from here on the server asks what has arrived.
    management: await enableManagement(wire, features),
  };
}

async function infoOf(wire: Wire, of: string): Promise<DiscoInfo | undefined> {
  const { answer } = await wire.request(requestInfo(of));
  return answer && parseInfo(answer);
}

/** The server itself, and what belongs to it. */
async function servicesOf(
  wire: Wire,
  domain: string,
): Promise<readonly { readonly jid: string; readonly info: DiscoInfo }[]> {
  const { answer } = await wire.request(requestItems(domain));
  const found: { jid: string; info: DiscoInfo }[] = [];
  for (const jid of [domain, ...(answer ? parseItems(answer) : []).slice(0, MOST_SERVICES)]) {
    const info = await infoOf(wire, jid);
    if (info) found.push({ jid, info });
  }
  return found;
}

/** XEP-0441: what is archived where the person has said nothing. */
async function archivePolicy(wire: Wire): Promise<Facts["archive"]> {
  const { answer, error } = await wire.request(iqGet(xml("prefs", { xmlns: NS_MAM })));
  const policy = error ? undefined : answer?.getChild("prefs", NS_MAM)?.attrs["default"];
  return policy === "always" || policy === "roster" || policy === "never" ? policy : "there";
}

/** As a device publishes its keys: for everybody to read, and there after a restart. Deleted at once. */
async function publish(wire: Wire): Promise<string> {
  const item = { id: SINGLE_ITEM, payload: xml("doctor", { xmlns: NODE }) };
  const { answer, error } = await wire.request(buildPublish(NODE, item, PUBLIC_NODE));
  await wire.request(buildDeleteNode(NODE));
  if (error) return error.application?.name ?? error.condition;
  return answer ? "ok" : "no answer";
}

async function enableManagement(wire: Wire, features: Element): Promise<Facts["management"]> {
  if (!features.getChild("sm", NS_MANAGEMENT)) return "missing";
  wire.send(xml("enable", { xmlns: NS_MANAGEMENT, resume: "true" }));
  for (;;) {
    const next = await wire.next();
    if (!next.ok || next.value.is("failed", NS_MANAGEMENT)) return "missing";
    if (next.value.is("enabled", NS_MANAGEMENT)) return readEnabled(next.value) ? "resumes" : "counts";
  }
}
