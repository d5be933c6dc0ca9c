/** XEP-0198 1.6 §3: where a server would like a stream to be resumed. */
import { parseEndpoint, type Endpoint } from "./endpoint.ts";
import { isPort, isWithin, publicName, type Ports } from "../../../worker/network/names.ts";

const DEFAULT_PORT = 5222;

/**
 * The hint of an `<enabled/>` as an endpoint, by the rule that holds for every name: one of those that were proven
 * before, or a name that is the domain or below it. Undefined for anything else - an address, a hosting company's node:
 * the stream is then resumed where it was. Where the deployment fixes the endpoint, `endpoints` is that one and `domain`
 * should be undefined: nothing else is dialled. Whether the name leads to public addresses is not looked at.
 */
export function allowedLocation(
  hint: string | undefined,
  domain: string | undefined,
  endpoints: readonly Endpoint[],
  ports: Ports,
): Endpoint | undefined {
  const [, host = "", text] = /^([^\s:/@?#[\]\\%]+)(?::([1-9][0-9]{0,4}))?$/.exec(hint ?? "") ?? [];
  if (host === "") return undefined;
  const port = text === undefined ? undefined : Number(text);
  const known = endpoints.find(
    (endpoint) => endpoint.hostname === host.toLowerCase() && (port === undefined || endpoint.port === port),
  );
  if (known) return known;
  const name = publicName(host);
  if (name === undefined || domain === undefined || !isWithin(name, publicName(domain) ?? domain)) return undefined;
  if (port !== undefined && !isPort(port, ports)) return undefined;
  // The hint names no transport; a stream that began with TLS goes on so at the same port.
  const tls = endpoints.some((endpoint) => endpoint.scheme === "tls" && endpoint.port === port);
  const endpoint = parseEndpoint(`${tls ? "tls" : "starttls"}://${name}:${port ?? DEFAULT_PORT}`);
  return endpoint.ok ? endpoint.value : undefined;
}
