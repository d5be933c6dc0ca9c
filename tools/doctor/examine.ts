/** Everything between a domain and Alcove, looked at once and judged. */
import { discover } from "../../durable/link/discovery/discover.ts";
import { publicName } from "../../durable/link/discovery/names.ts";
import { makeResolver } from "../../durable/link/discovery/resolver.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { lookWithin } from "./account.ts";
import { judgeAccount, judgeRefusal, judgeSignIn } from "./account-findings.ts";
import { Asking } from "./asking.ts";
import { judgeReach, judgeVisit } from "./connections.ts";
import { type Finding, type Group, unseen } from "./finding.ts";
import { judgeNames, lookAtNames, noSuchDomain } from "./names.ts";
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
  readonly route: Route;
};

export async function examine(wish: Examination): Promise<readonly Group[]> {
  const { domain, route } = wish;
  const name = publicName(domain);
  if (name === undefined) return [{ title: "Names", findings: [noSuchDomain(domain)] }];
  const asking = new Asking(route);
  const resolver = makeResolver(asking.ask, wish.resolver);
  const [found, seen] = await Promise.all([
    discover(domain, { endpoints: {}, allowedDomains: [], ports: [], resolver }),
    lookAtNames(name, resolver, asking.outcomes),
  ]);
  const endpoints = found.ok ? found.value.endpoints : [];
  const visits = await Promise.all(endpoints.map((endpoint) => visit(endpoint, { domain: name, route, resolver })));
  const usable = visits.find(isUsable);
  const reached = usable !== undefined;
  const named = new Set(
    [...[seen.direct, seen.startTls].flatMap((answer) => (answer.kind === "found" ? answer.records : []))].map(
      ({ target, port }) => `${publicName(target) ?? target}:${port}`,
    ),
  );
  const connections = visits.flatMap((one) =>
    judgeVisit(
      one,
      one.endpoint.scheme === "wss" || named.has(`${one.endpoint.hostname}:${one.endpoint.port}`),
      reached,
      Date.now(),
    ),
  );
  const otherwise = found.ok ? found.value.otherwise : found.error;
  return [
    { title: "Names", findings: judgeNames(name, seen, reached) },
    { title: "Connections", findings: [...connections, judgeReach(domain, visits, otherwise)] },
    { title: "Sign-in", findings: differing(visits.filter(isUsable)).flatMap(offerOf) },
    ...(await within(wish, usable)),
  ].filter(({ findings }) => findings.length > 0);
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
