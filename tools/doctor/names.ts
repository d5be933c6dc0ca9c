/** What DNS and the domain's web server say of where its XMPP server is, judged as the object judges it. */
import { isBehindProxy } from "../../durable/link/discovery/discover.ts";
import { isPublicHost, type Resolver, type SrvAnswer, type SrvRecord } from "../../worker/network/resolver.ts";
import { parseEndpoint } from "../../durable/link/discovery/endpoint.ts";
import { HOST_META_PATHS, readHostMeta } from "../../durable/link/discovery/host-meta.ts";
import { isPort, isWithin, publicName } from "../../worker/network/names.ts";
import type { Failure } from "../../worker/contract/failures.ts";
import type { Outcome } from "./asking.ts";
import { type Finding, fault, ok, unless, unseen, warning } from "./finding.ts";

export type TargetSeen = { readonly open: boolean; readonly hidden: boolean };

export type NamesSeen = {
  readonly direct: SrvAnswer;
  readonly startTls: SrvAnswer;
  readonly hostMeta: readonly {
    readonly path: string;
    readonly text: string | undefined;
    readonly outcome: Outcome | undefined;
  }[];
  /** Of every name that a record or an address of host-meta leads to, and the domain itself. */
  readonly targets: ReadonlyMap<string, TargetSeen>;
};

/** @param name the domain in ASCII */
export async function lookAtNames(
  name: string,
  resolver: Resolver,
  outcomes: ReadonlyMap<string, Outcome>,
): Promise<NamesSeen> {
  const [direct, startTls, hostMeta] = await Promise.all([
    resolver.srv(`_xmpps-client._tcp.${name}`),
    resolver.srv(`_xmpp-client._tcp.${name}`),
    Promise.all(
      HOST_META_PATHS.map(async (path) => {
        const url = `https://${name}${path}`;
        const text = await resolver.fetchText(url);
        return { path, text, outcome: outcomes.get(url) };
      }),
    ),
  ]);
  const names = new Set([name, ...recordsIn({ direct, startTls }).flatMap(({ target }) => publicName(target) ?? [])]);
  const targets = await Promise.all(
    [...names].map(async (target) => {
      const [open, hidden] = await Promise.all([isPublicHost(target, resolver), isBehindProxy(target, resolver)]);
      return [target, { open, hidden }] as const;
    }),
  );
  return { direct, startTls, hostMeta, targets: new Map(targets) };
}

export function recordsIn({ direct, startTls }: Pick<NamesSeen, "direct" | "startTls">): readonly SrvRecord[] {
  return [direct, startTls].flatMap((answer) => (answer.kind === "found" ? answer.records : []));
}

/** @param reached whether there is a way in, whatever else is wrong */
export function judgeNames(name: string, seen: NamesSeen, reached: boolean): readonly Finding[] {
  return [
    ...judgeHostMeta(name, seen, reached),
    ...judgeService(name, "_xmpps-client._tcp", seen.direct, seen, reached),
    ...judgeService(name, "_xmpp-client._tcp", seen.startTls, seen, reached),
    ...judgeSigning(name, seen),
  ];
}

function judgeHostMeta(name: string, { hostMeta }: NamesSeen, reached: boolean): readonly Finding[] {
  const links = hostMeta.map(({ text }) => (text === undefined ? [] : readHostMeta(text)));
  if (links.every((some) => some.length === 0)) {
    const words = `no WebSocket is named in host-meta (${hostMeta.map(whyNone).join("; ")})`;
    return [
      reached
        ? unseen("host-meta", `${words}; there is another way in`)
        : warning("host-meta", words, { cure: "host-meta" }),
    ];
  }
  const findings = hostMeta.map((one, at): Finding => {
    const found = links[at]?.length ?? 0;
    const url = `https://${name}${one.path}`;
    if (found > 0) return ok("host-meta", `${url} names ${found === 1 ? "a WebSocket" : `${found} WebSockets`}`);
    // One form is enough for Alcove; clients differ in which they read.
    return warning("host-meta", `${whyNone(one)}; some clients read only that form`, { cure: "host-meta" });
  });
  return [...findings, ...[...new Set(links.flat())].map((address) => judgeAddress(address))];
}

function whyNone({ path, text, outcome }: NamesSeen["hostMeta"][number]): string {
  return text === undefined ? `${path}: ${outcomeInWords(outcome)}` : `${path} names none`;
}

export function outcomeInWords(outcome: Outcome | undefined): string {
  if (outcome === undefined) return "the name leads to no public address";
  return "status" in outcome ? `HTTP ${outcome.status}` : outcome.error;
}

function judgeAddress(address: string): Finding {
  const endpoint = parseEndpoint(address);
  if (!endpoint.ok || endpoint.value.scheme !== "wss" || /[?#]/.test(address))
    return warning("host-meta-address", `${address} is not dialled: wss:// without a query is`, { cure: "host-meta" });
  if (publicName(endpoint.value.hostname) === undefined)
    return warning("host-meta-address", `${address} is not dialled: it is no public name`, { cure: "host-meta" });
  return isPort(endpoint.value.port, [])
    ? ok("host-meta-address", `${address} may be dialled: the domain's own web server names it`)
    : warning("host-meta-address", `${address} is not dialled: port ${endpoint.value.port}`, { cure: "port" });
}

function judgeService(
  name: string,
  service: string,
  answer: SrvAnswer,
  { targets }: NamesSeen,
  reached: boolean,
): readonly Finding[] {
  const what = `${service}.${name}`;
  if (answer.kind === "failed" || answer.kind === "silent")
    return [
      unless(
        reached,
        "srv-unanswered",
        `DNS gives no answer for ${what}: an outage, or a zone whose signatures are broken`,
        { cure: "prove-name" },
      ),
    ];
  if (answer.kind !== "found") return [unseen("srv-none", `${what} has no record; the domain itself is tried`)];
  return answer.records.map(({ target, port }): Finding => {
    const record = `${what} → ${target === "" ? "." : target}:${port}`;
    if (target === "") return unseen("srv-declined", `${record} says that this is not offered`);
    const host = publicName(target);
    if (host === undefined)
      return unless(reached, "srv-name", `${record} is no public name`, { cure: "public-address" });
    if (!isPort(port, []))
      return unless(reached, "srv-port", `${record} is not dialled: port ${port}`, { cure: "port" });
    const { open = false, hidden = false } = targets.get(host) ?? {};
    if (!answer.authenticated && !isWithin(host, name)) {
      const words = `${record} is not dialled: nothing proves that ${host} speaks for ${name} (another name, and no DNSSEC)`;
      return unless(reached, "srv-unproven", words, { host, cure: "prove-name" });
    }
    if (!open)
      return unless(reached, "srv-address", `${record} leads to no public address`, { cure: "public-address" });
    if (hidden) return unless(reached, "srv-proxy", `${record} leads to Cloudflare's proxy`, { cure: "proxy" });
    return ok(
      "srv",
      `${record} is dialled: ${isWithin(host, name) ? `the name belongs to ${name}` : "DNSSEC vouches for it"}`,
    );
  });
}

function judgeSigning(name: string, { direct, startTls }: NamesSeen): readonly Finding[] {
  const found = [direct, startTls].filter((answer) => answer.kind === "found");
  if (found.length === 0) return [];
  if (found.every((answer) => answer.authenticated)) return [ok("dnssec", "the records are signed (DNSSEC)")];
  const elsewhere = found
    .filter((answer) => !answer.authenticated)
    .flatMap(({ records }) => records)
    .some(({ target }) => target !== "" && !isWithin(publicName(target) ?? target, name));
  return elsewhere
    ? []
    : [unseen("dnssec", "the records are not signed (DNSSEC); with hosts below the domain there is no need")];
}

/** A domain that no public server can have. */
export function noSuchDomain(domain: string): Finding {
  return fault(
    "domain",
    `${domain} is no name of the public network; whoever runs Alcove can name its server by XMPP_ENDPOINTS`,
    {
      failure: { kind: "domain-refused", detail: domain },
    },
  );
}

/** Nothing can be said of a domain then. @param asked each resolver, and why it said nothing */
export function noResolver(domain: string, asked: ReadonlyMap<string, string>): Finding {
  const each = [...asked].map(([url, why]) => `${url} (${why})`).join(", ");
  return fault("resolver", `${domain} cannot be looked up from here: ${each} says nothing; --resolver names another`);
}

export function noEndpoint(uris: string, { kind, detail }: Failure): Finding {
  return fault(
    "endpoint",
    `"${uris}" is not dialled: ${detail ?? kind}. Right is tls://HOST:5223, starttls://HOST:5222 or wss://HOST/PATH`,
  );
}
