/** DNS over HTTPS in its JSON form, by a script: what Cloudflare's resolver would say of these names, the AD bit included. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";

const TYPES: Readonly<Record<string, number>> = { A: 1, AAAA: 28, SRV: 33 };
const NAME_ERROR = 3;

export type Zone = {
  /** `TYPE name` → data, as a zone file has it. */
  readonly records: Readonly<Record<string, readonly string[]>>;
  /** DNSSEC vouches for it. */
  readonly signed: boolean;
};

export async function startScriptedDns(port: number, zones: readonly Zone[]): Promise<Server> {
  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? "/", "http://localhost").searchParams;
    const [name, type] = [asked.get("name") ?? "", asked.get("type") ?? ""];
    const zone = zones.find(({ records }) => records[`${type} ${name}`] !== undefined);
    const known = zones.some(({ records }) => Object.keys(records).some((key) => key.endsWith(` ${name}`)));
    const data = zone?.records[`${type} ${name}`] ?? [];
    const answer = data.map((text) => ({ name, type: TYPES[type], TTL: 60, data: text }));
    response.setHeader("content-type", "application/dns-json");
    // A name with other records exists; below one that exists a service is asked for (`_xmpp-client._tcp`).
    const exists = known || name.startsWith("_");
    response.end(JSON.stringify({ Status: exists ? 0 : NAME_ERROR, AD: zone?.signed ?? false, Answer: answer }));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}
