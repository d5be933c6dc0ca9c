/** What the command line and the environment say. */
import { parseArgs } from "node:util";
import { parseBareJid, domainOf } from "../../worker/shared/jid.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { refuse, type Said, so } from "../deploy/said.ts";
import { parseRoutes, type Route } from "./route.ts";

export const PASSWORD_VARIABLE = "XMPP_PASSWORD";

export type Options = {
  readonly domain: string;
  /** Signs in to look at what a server tells its own people alone. */
  readonly account: BareJid | undefined;
  /** The server may get the password itself. */
  readonly plain: boolean;
  readonly json: boolean;
  /** URL of DNS over HTTPS in its JSON form; undefined: the object's own. */
  readonly resolver: string | undefined;
  /** As the deployment fixes them, separated by spaces. */
  readonly endpoints: string | undefined;
  readonly route: Route;
};

export const HELP = `npm run doctor -- example.org     what stands between a domain and Alcove, and its cure
  --account USER@DOMAIN     signs in, for what a server shows only to its people; the password is asked for
                            (or ${PASSWORD_VARIABLE}), used once and sent only over verified TLS
  --plain                   the server may get the password itself, where it takes nothing better
  --json                    for programs
  --resolver URL            DNS over HTTPS (JSON) to ask, in place of the one that the object asks
  --endpoint URI            dials this alone, as a deployment does that names it in XMPP_ENDPOINTS
  --connect-to HOST:PORT=ADDRESS:PORT   connects there in place of HOST:PORT, as often as needed: before the records change
Ends with code 1 where there is a fault. See docs/doctor.md.`;

export function readOptions(args: readonly string[]): Said<Options | "help"> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
  }
  const { values, positionals } = parsed;
  if (values.help) return so("help");
  const account = values.account === undefined ? undefined : parseBareJid(values.account);
  if (values.account !== undefined && account === undefined) return refuse(`"${values.account}" is no address.`);
  const domain = (positionals[0] ?? (account && domainOf(account)))?.toLowerCase();
  if (domain === undefined || positionals.length > 1) return refuse(HELP);
  if (domain.includes("@")) return refuse(`An address is given by --account: npm run doctor -- --account ${domain}`);
  if (account !== undefined && domainOf(account) !== domain) return refuse(`${account} is no account of ${domain}.`);
  const route = parseRoutes(values["connect-to"] ?? []);
  if (route === undefined) return refuse("--connect-to wants HOST:PORT=ADDRESS:PORT.");
  const { resolver } = values;
  if (resolver !== undefined && !URL.canParse(resolver)) return refuse("--resolver wants a URL.");
  const [plain, json] = [values.plain === true, values.json === true];
  return so({ domain, account, plain, json, resolver, endpoints: values.endpoint, route });
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      account: { type: "string" },
      plain: { type: "boolean" },
      json: { type: "boolean" },
      resolver: { type: "string" },
      endpoint: { type: "string" },
      "connect-to": { type: "string", multiple: true },
      help: { type: "boolean" },
    },
  });
}
