/** The configuration file of one's own server (TOML, `examples/alcove.toml`): read once, checked as a whole, in words. */
import { resolve } from "node:path";
import { parse, TomlError } from "smol-toml";
import { parseEndpoint } from "../../durable/link/discovery/endpoint.ts";
import { normaliseDomain } from "../../worker/shared/domains.ts";
import { normaliseAddress, parseNetwork } from "./front/networks.ts";
import { Table } from "./table.ts";

export type Config = {
  /** `https://host`, without a path. */
  readonly origin: string;
  /** `address:port`, `[address]:port`, `*:port`. */
  readonly listen: string;
  /** Addresses and networks. */
  readonly proxies: readonly string[];
  /** Absolute path. */
  readonly data: string;
  /** Paths of PEM files, absolute. */
  readonly certificate: { readonly chain: string; readonly key: string } | undefined;
  /** In the words of `Network.allow` in workerd.capnp. */
  readonly reach: readonly string[];
  /** Paths of PEM files, absolute. */
  readonly authorities: readonly string[];
  /** Variables of the Worker, in place of those of wrangler.toml. */
  readonly variables: Readonly<Record<string, string>>;
};

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  /** One sentence each. */
  | { readonly ok: false; readonly problems: readonly string[] };

const LISTEN = "127.0.0.1:8787";
const LOOPBACK = ["127.0.0.1", "::1"];
/** A socket's path has 107 bytes, and ours is `run/control.sock` below the data folder. */
const LONGEST_FOLDER = 88;
const LARGEST_PORT = 65_535;
/** They have keys of their own in the file. */
const OWN_KEYS = ["ALLOWED_DOMAINS", "NEW_ACCOUNTS_A_DAY", "XMPP_ENDPOINTS", "XMPP_PORTS"];

/**
 * @param folder where relative paths of the file begin
 * @param known the variables that the release has
 */
export function readConfig(text: string, folder: string, known: readonly string[]): ConfigResult {
  const problems: string[] = [];
  let root: Table;
  try {
    root = new Table(parse(text), "", problems);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [words = ""] = error.message.split("\n");
    return { ok: false, problems: [`line ${error.line}, column ${error.column}: ${words}`] };
  }
  const path = (value: string) => resolve(folder, value);
  const certificate = readCertificate(root);
  const origin = readOrigin(root);
  const listen = readListen(root);
  const config: Config = {
    origin,
    listen,
    proxies: readProxies(root, listen, certificate !== undefined),
    data: readFolder(root, path),
    certificate: certificate && { chain: path(certificate.chain), key: path(certificate.key) },
    variables: readVariables(root, known),
    ...readNetwork(root, path),
  };
  root.end();
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems };
}

function readOrigin(root: Table): string {
  const text = root.text("origin");
  const url = URL.parse(text ?? "");
  if (text === undefined && !root.has("origin"))
    root.wrong("origin", 'missing. It is what people open: origin = "https://chat.example.org".');
  if (text === undefined) return "";
  if (url === null || url.pathname !== "/" || url.search !== "" || url.hash !== "" || url.username !== "")
    root.wrong("origin", `"${text}" is no address of a whole site, as "https://chat.example.org".`);
  else if (url.protocol !== "https:" && !(url.protocol === "http:" && url.hostname === "localhost"))
    root.wrong("origin", "browsers keep keys and cookies over https:// alone (http://localhost: for trying it out).");
  return url?.origin ?? "";
}

function readListen(root: Table): string {
  const text = root.text("listen") ?? LISTEN;
  const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(text) ?? [];
  if (host !== "*" && normaliseAddress(host) === undefined)
    root.wrong(
      "listen",
      `"${text}" is no address with a port, as "${LISTEN}", "[::1]:8787" or "*:443" (every address).`,
    );
  else if (Number(port) < 1 || Number(port) > LARGEST_PORT) root.wrong("listen", `there is no port ${port}.`);
  return text;
}

function readProxies(root: Table, listen: string, tls: boolean): readonly string[] {
  const given = root.texts("trusted_proxies");
  for (const text of given ?? [])
    if (parseNetwork(text) === undefined)
      root.wrong("trusted_proxies", `"${text}" is neither an address nor a network, as "127.0.0.1" or "10.0.0.0/8".`);
  if (given !== undefined) return given;
  const host = normaliseAddress(listen.replace(/:\d+$/, "")) ?? "";
  if (tls) return [];
  if (!LOOPBACK.includes(host))
    root.wrong("trusted_proxies", `missing. At ${listen} other machines come, so say which of them are your proxies.`);
  return LOOPBACK;
}

function readFolder(root: Table, path: (value: string) => string): string {
  const text = root.text("data");
  if (text === undefined && !root.has("data"))
    root.wrong("data", 'missing. Where everything is kept: data = "/var/lib/alcove".');
  const folder = path(text ?? "");
  if (Buffer.byteLength(folder) > LONGEST_FOLDER)
    root.wrong("data", `the path is longer than ${LONGEST_FOLDER} bytes, too long for the socket in it.`);
  return folder;
}

function readCertificate(root: Table): { readonly chain: string; readonly key: string } | undefined {
  const wanted = root.has("certificate");
  const table = root.table("certificate");
  const [chain, key] = [table.text("chain"), table.text("key")];
  table.end();
  if (chain !== undefined && key !== undefined) return { chain, key };
  if (wanted && !table.has("chain"))
    table.wrong("chain", "missing: the file of the certificate and those above it (PEM).");
  if (wanted && !table.has("key")) table.wrong("key", "missing: the file of the private key (PEM).");
  return undefined;
}

function readVariables(root: Table, known: readonly string[]): Readonly<Record<string, string>> {
  const domains = root.texts("allowed_domains");
  if (domains === undefined && !root.has("allowed_domains"))
    root.wrong(
      "allowed_domains",
      'missing. Whose accounts may sign in: ["example.org"]; ["*"]: everybody\'s, at your cost.',
    );
  for (const domain of domains ?? []) if (domain !== "*") checkDomain(root, "allowed_domains", domain);
  const newcomers = root.count("new_accounts_a_day");
  const xmpp = root.table("xmpp");
  const ports = xmpp.texts("ports") ?? [];
  for (const port of ports)
    if (!/^\d{1,5}(?:-\d{1,5})?$/.test(port))
      xmpp.wrong("ports", `"${port}" is neither a port nor a range, as "8443-8450".`);
  const endpoints = readEndpoints(xmpp.table("endpoints"));
  xmpp.end();
  const table = root.table("variables");
  const more = table.keys().map((name) => [name, table.text(name) ?? ""] as const);
  for (const [name] of more) {
    if (OWN_KEYS.includes(name)) table.wrong(name, "this one has a key of its own above.");
    else if (!known.includes(name)) table.wrong(name, `there is no such variable. There are: ${known.join(", ")}.`);
  }
  return {
    ...Object.fromEntries(more),
    ALLOWED_DOMAINS: (domains ?? []).join(" "),
    XMPP_ENDPOINTS: JSON.stringify(endpoints),
    XMPP_PORTS: ports.join(" "),
    ...(newcomers !== undefined && { NEW_ACCOUNTS_A_DAY: `${newcomers}` }),
  };
}

function readEndpoints(table: Table): Readonly<Record<string, string>> {
  return Object.fromEntries(
    table.keys().map((domain) => {
      checkDomain(table, domain, domain);
      const uris = table.texts(domain) ?? [];
      for (const uri of uris) {
        const endpoint = parseEndpoint(uri);
        if (endpoint.ok) continue;
        const words =
          endpoint.error.kind === "no-encryption" ? "ws:// is for this machine alone, take wss://." : undefined;
        table.wrong(domain, words ?? `"${uri}" is none of starttls://host:port, tls://host:port, wss://host/path.`);
      }
      return [domain, uris.join(" ")];
    }),
  );
}

function checkDomain(table: Table, key: string, domain: string): void {
  const name = normaliseDomain(domain);
  if (!/^[^\s@/:]+$/.test(name)) table.wrong(key, `"${domain}" is no domain, as "example.org".`);
}

function readNetwork(root: Table, path: (value: string) => string): Pick<Config, "reach" | "authorities"> {
  const table = root.table("network");
  const reach = table.texts("allow") ?? ["public"];
  for (const word of reach)
    if (!["public", "private", "local"].includes(word) && parseNetwork(word) === undefined)
      table.wrong("allow", `"${word}" is none of "public", "private", "local", and no network, as "10.1.0.0/16".`);
  const authorities = (table.texts("authorities") ?? []).map(path);
  table.end();
  // The runtime wants a network even for one address.
  return {
    reach: reach.map((word) => (normaliseAddress(word) ? `${word}/${word.includes(":") ? 128 : 32}` : word)),
    authorities,
  };
}
