/**
 * One real Prosody with a host for each configuration that the doctor is to tell apart, a real ejabberd as it comes, a
 * scripted DNS, and the doctor as it is run.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inProject } from "../../tools/project.ts";
import { giveAccount, PLAIN_ONLY } from "../account/domains.ts";
import { issueCertificate, makeAuthority } from "../xmpp-server/certificates.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import { type Ejabberd, startEjabberd } from "../xmpp-server/ejabberd.ts";
import { startXmppServer, type XmppServer } from "../xmpp-server/prosody.ts";
import { startFront, startShared } from "./front.ts";
import { startScriptedDns, type Zone } from "./scripted-dns.ts";

export const PASSWORD = "correct horse battery";
/** Public ones, which nobody dials: `--connect-to` leads to this machine. */
const ADDRESS = "93.184.216.34";
const PROXY = "104.16.132.229";

const HOSTS = ["good", "unsigned", "wrong", "no-pep", "plain", "rounds", "many-rounds", "alpn", "old-tls"] as const;

type Outcome = { readonly code: number; readonly printed: string };
export interface World {
  /** Of Prosody's STARTTLS. */
  readonly port: number;
  /** @param more further arguments; the password is in the environment */
  doctor(domain: string, more?: readonly string[]): Promise<Outcome>;
  /** With nothing in the environment; the password is typed once it is asked for. */
  doctorInTerminal(domain: string, account: string, password: string): Promise<Outcome>;
  stop(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const port = await claimPorts();
  const state = await mkdtemp(join(tmpdir(), "alcove-doctor-"));
  const folder = join(state, "certs");
  const authority = await makeAuthority(folder);
  const issue = (file: string, names: readonly string[]) => issueCertificate(authority, { folder, file, names });
  await issue("localhost", ["localhost"]);
  for (const host of HOSTS) {
    const domain = `${host}.example.org`;
    // The wrong one is good for the domain, not for the server that the record names.
    await issue(host, host === "wrong" ? [domain] : [domain, `xmpp.${domain}`, "xmpp.hosting.example.net"]);
  }
  for (const host of HOSTS) await giveAccount(state, `${host}.example.org`, PASSWORD);
  const [server, ejabberd] = await Promise.all([startProsody(state, port), startOther(state, port + 7)]);
  const authorities = join(state, "authorities.pem");
  const both = await Promise.all([readFile(server.ca), readFile(ejabberd.ca)]);
  await writeFile(authorities, Buffer.concat(both));
  const document = JSON.stringify({
    links: [{ rel: "urn:xmpp:alt-connections:websocket", href: "wss://good.example.org/xmpp-websocket" }],
  });
  const xrd = `<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'><Link rel='urn:xmpp:alt-connections:websocket' href='wss://good.example.org/xmpp-websocket'/></XRD>`;
  const files = { certificate: join(folder, "good.crt"), key: join(folder, "good.key") };
  const front = await startFront(
    port + 3,
    files,
    { "/.well-known/host-meta.json": document, "/.well-known/host-meta": xrd },
    port + 2,
  );
  const shared = await startShared(
    port + 5,
    { certificate: join(folder, "alpn.crt"), key: join(folder, "alpn.key") },
    port,
  );
  const dns = await startScriptedDns(port + 4, ZONES);
  const routes = routesTo(
    { starttls: port, tls: port + 1, https: port + 3, shared: port + 5, ejabberd: port + 7 },
    port + 6,
  );
  const argsOf = (domain: string, more: readonly string[]): readonly string[] => {
    const own = [inProject("tools/doctor/main.ts"), domain, "--resolver", `http://127.0.0.1:${port + 4}/dns-query`];
    return [process.execPath, ...own, ...routes, ...more];
  };
  const environment = { ...process.env, NODE_EXTRA_CA_CERTS: authorities };
  return {
    port,
    doctor: (domain, more = []) => run(argsOf(domain, more), { ...environment, XMPP_PASSWORD: PASSWORD }),
    doctorInTerminal: (domain, account, password) => {
      const command = argsOf(domain, ["--account", account]).join(" ");
      const terminal = ["script", "--quiet", "--return", "--flush", "--command", command, "/dev/null"];
      return run(terminal, { ...environment, TERM: "xterm" }, { shown: /Password of .*: $/, typed: `${password}\r` });
    },
    stop: async () => {
      front.close();
      front.closeAllConnections();
      shared.close();
      dns.close();
      dns.closeAllConnections();
      await Promise.all([server.stop(), ejabberd.kill()]);
      await rm(state, { recursive: true, force: true });
    },
  };
}

function startProsody(state: string, basePort: number): Promise<XmppServer> {
  const config = HOSTS.map((host) => configOf(host, join(state, "certs"))).join("\n");
  return startXmppServer({ state, basePort, accounts: [], config });
}

/** As it comes: it stores the passwords themselves. */
function startOther(state: string, basePort: number): Promise<Ejabberd> {
  return startEjabberd({
    ...{
      state: join(state, "ejabberd"),
      basePort,
      domain: "ejabberd.example.org",
      names: ["xmpp.ejabberd.example.org"],
    },
    accounts: [{ name: "alice", password: PASSWORD }],
  });
}

function configOf(host: (typeof HOSTS)[number], folder: string): string {
  const domain = `${host}.example.org`;
  const own = {
    "no-pep": 'modules_disabled = { "pep" }',
    plain: PLAIN_ONLY,
    rounds: "default_iteration_count = 200000",
    "many-rounds": "default_iteration_count = 1000001",
  } as Readonly<Record<string, string>>;
  const old = host === "old-tls" ? ', protocol = "tlsv1+", ciphers = "DEFAULT:@SECLEVEL=0"' : "";
  return `VirtualHost "${domain}"
  ssl = { certificate = "${folder}/${host}.crt", key = "${folder}/${host}.key"${old} }
  ${own[host] ?? ""}
Component "upload.${domain}" "http_file_share"
  http_host = "localhost"
Component "conference.${domain}" "muc"
`;
}

const ZONES: readonly Zone[] = [
  zone("good", true, { direct: "good.example.org:5223", startTls: "xmpp.good.example.org" }),
  zone("unsigned", false, { startTls: "xmpp.hosting.example.net" }),
  zone("wrong", true, { startTls: "xmpp.wrong.example.org" }),
  zone("no-pep", true, { startTls: "xmpp.no-pep.example.org" }),
  zone("plain", true, { startTls: "xmpp.plain.example.org" }),
  zone("rounds", true, { startTls: "xmpp.rounds.example.org" }),
  zone("ejabberd", true, { startTls: "xmpp.ejabberd.example.org" }),
  zone("alpn", true, { direct: "xmpp.alpn.example.org:443" }),
  zone("old-tls", true, { startTls: "xmpp.old-tls.example.org" }),
  zone("many-rounds", true, { startTls: "xmpp.many-rounds.example.org" }),
  {
    signed: true,
    records: {
      "A proxied.example.org": [PROXY],
      "SRV _xmpp-client._tcp.proxied.example.org": ["0 5 5222 proxied.example.org."],
      "A xmpp.hosting.example.net": [ADDRESS],
    },
  },
];

function zone(
  host: string,
  signed: boolean,
  { direct, startTls }: { readonly direct?: string; readonly startTls?: string },
): Zone {
  const domain = `${host}.example.org`;
  const [target = "", port = ""] = direct?.split(":") ?? [];
  return {
    signed,
    records: {
      [`A ${domain}`]: [ADDRESS],
      [`A xmpp.${domain}`]: [ADDRESS],
      ...(startTls !== undefined && { [`SRV _xmpp-client._tcp.${domain}`]: [`0 5 5222 ${startTls}.`] }),
      ...(direct !== undefined && { [`SRV _xmpps-client._tcp.${domain}`]: [`0 5 ${port} ${target}.`] }),
    },
  };
}

/** `xmpp.` to Prosody, what `good` and `alpn` have at 443 to what stands there, all else to where nobody listens. */
function routesTo(
  places: Readonly<Record<"starttls" | "tls" | "https" | "shared" | "ejabberd", number>>,
  nobody: number,
): readonly string[] {
  const open: Readonly<Record<string, number>> = {
    "good.example.org:5223": places.tls,
    "good.example.org:443": places.https,
    "xmpp.alpn.example.org:443": places.shared,
    "xmpp.ejabberd.example.org:5222": places.ejabberd,
  };
  const names = [...HOSTS, "ejabberd", "proxied"].flatMap((host) => [
    `${host}.example.org`,
    `xmpp.${host}.example.org`,
  ]);
  return names
    .flatMap((name) => [443, 5222, 5223].map((port) => `${name}:${port}`))
    .flatMap((from) => {
      const starttls = from.startsWith("xmpp.") && from.endsWith(":5222") ? places.starttls : undefined;
      return ["--connect-to", `${from}=127.0.0.1:${open[from] ?? starttls ?? nobody}`];
    });
}

async function run(
  [command = "", ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  answer?: { readonly shown: RegExp; readonly typed: string },
): Promise<Outcome> {
  const child = spawn(command, args, { env });
  let printed = "";
  let left = answer;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      printed += text;
      if (!left?.shown.test(printed)) return;
      child.stdin.write(left.typed);
      left = undefined;
    });
  }
  if (!answer) child.stdin.end();
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? 1, printed: printed.replaceAll("\r", "") };
}
