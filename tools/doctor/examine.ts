/** Everything between a domain and Alcove, looked at once and judged. */
import { discover } from "../../durable/link/discovery/discover.ts";
import { publicName } from "../../worker/network/names.ts";
import { makeResolver } from "../../worker/network/resolver.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { lookWithin } from "./account.ts";
import { judgeAccount, judgeRefusal, judgeSignIn } from "./account-findings.ts";
import { Asking } from "./asking.ts";
import { judgeReach, judgeVisit } from "./connections.ts";
import { type Finding, type Group, unseen } from "./finding.ts";
import { judgeNames, lookAtNames, noEndpoint, noResolver, noSuchDomain, outcomeInWords, recordsIn } from "./names.ts";
import { judgeOffer } from "./offers.ts";
import type { Route } from "./route.ts";
import { isUsable, visit, type Visit } from "./visit.ts";

export type Examination = {
  readonly domain: string;
  readonly account: BareJid | undefined;
  /** Asked for only once there is somewhere to sign in; undefined: nobody said it. */
  readonly password: () => Promise<string | undefined>;
  readonly plain: boolean;
  readonly resolver: string | undefined;
  /** URIs, separated by spaces, as the deployment fixes them (XMPP_ENDPOINTS): nothing is asked of DNS then. */
  readonly endpoints: string | undefined;
  readonly route: Route;
};

const NAMES = "Names";

export async function examine(wish: Examination): Promise<readonly Group[]> {
  const { domain, route } = wish;
  const name = publicName(domain);
  const fixed = wish.endpoints !== undefined;
  if (name === undefined && !fixed) return [{ title: NAMES, findings: [noSuchDomain(domain)] }];
  const asking = new Asking(route);
  const resolver = makeResolver(asking.ask, wish.resolver === undefined ? undefined : [wish.resolver]);
  const endpoints = fixed ? { [domain]: wish.endpoints } : {};
  const [found, seen] = await Promise.all([
    discover(domain, { endpoints, allowedDomains: [], ports: [], resolver }),
    name === undefined || fixed ? undefined : lookAtNames(name, resolver, asking.outcomes),
  ]);
  if (fixed && !found.ok) return [{ title: NAMES, findings: [noEndpoint(wish.endpoints, found.error)] }];
  const silent = seen?.direct.kind === "silent" && seen.startTls.kind === "silent";
  if (silent) return [{ title: NAMES, findings: [noResolver(domain, questionsTo(asking))] }];
  const places = found.ok ? found.value.endpoints : [];
  const visits = await Promise.all(places.map((endpoint) => visit(endpoint, { domain, route, resolver })));
  const usable = visits.find(isUsable);
  const reached = usable !== undefined;
  const isNamed = ({ endpoint: { scheme, hostname, port } }: Visit): boolean =>
    !seen ||
    scheme === "wss" ||
    recordsIn(seen).some((one) => publicName(one.target) === hostname && one.port === port);
  const connections = visits.flatMap((one) => judgeVisit(one, isNamed(one), reached, Date.now()));
  const otherwise = found.ok ? found.value.otherwise : found.error;
  return [
    { title: NAMES, findings: seen && name !== undefined ? judgeNames(name, seen, reached) : [] },
    { title: "Connections", findings: [...connections, judgeReach(domain, visits, otherwise)] },
    { title: "Sign-in", findings: differing(visits.filter(isUsable)).flatMap(offerOf) },
    ...(await within(wish, usable)),
  ].filter(({ findings }) => findings.length > 0);
}

/** Each resolver that was asked, and why it said nothing. */
function questionsTo({ outcomes }: Asking): ReadonlyMap<string, string> {
  const asked = [...outcomes].flatMap(([url, outcome]): [string, string][] => {
    const [resolver = "", question] = url.split("?");
    return question === undefined ? [] : [[resolver, outcomeInWords(outcome)]];
  });
  return new Map(asked);
}

/** What several endpoints offer alike is told once, in whatever order. */
function differing(visits: readonly Visit[]): readonly Visit[] {
  const key = ({ outcome }: Visit): string => {
    if (outcome.kind === "failed") return outcome.kind;
    const { sasl, sasl2 } = outcome.offered;
    return JSON.stringify([sasl.mechanisms.toSorted(), sasl2?.mechanisms.toSorted(), sasl2?.tokens, sasl2?.bind]);
  };
  return visits.filter((one, at) => visits.findIndex((other) => key(other) === key(one)) === at);
}

function offerOf({ endpoint, outcome }: Visit): readonly Finding[] {
  return outcome.kind === "offered" ? judgeOffer(endpoint.uri, outcome.offered) : [];
}

async function within(
  { account, password, plain, route }: Examination,
  usable: Visit | undefined,
): Promise<readonly Group[]> {
  const title = "Account";
  const rest = "rounds, archive, carbons, stream management, PEP, upload, push";
  if (account === undefined)
    return [
      { title, findings: [unseen("account", `${rest}: a server shows them only to its people; sign in by --account`)] },
    ];
  if (!usable) return [{ title, findings: [unseen("account", `${rest}: there is no server to sign in at`)] }];
  const said = await password();
  if (said === undefined) return [{ title, findings: [unseen("account", `${rest}: no password was given`)] }];
  const facts = await lookWithin({ account, password: said, plain, endpoint: usable.endpoint, route });
  if (!facts.ok) return [{ title, findings: [judgeRefusal(facts.error)] }];
  return [{ title, findings: [...judgeSignIn(facts.value), ...judgeAccount(facts.value)] }];
}
