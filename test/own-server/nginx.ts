/** The distribution's nginx with TLS before one's own server, by the very lines of the documents. */
import { createHash, X509Certificate } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ProcessGroup, startGroup } from "../../tools/process-group.ts";
import { inProject } from "../../tools/project.ts";
import { findCommand } from "../../tools/provide.ts";
import { issueCertificate, makeAuthority } from "../xmpp-server/certificates.ts";
import { busyPorts } from "../xmpp-server/ports.ts";

const EXAMPLE = inProject("tools/serve/examples/nginx.conf");
const START_MS = 180_000;
const POLL_MS = 50;

export type Nginx = {
  readonly origin: string;
  /** For a browser: `LaunchOptions.trusts`. */
  readonly key: string;
  /** PEM file of the authority. */
  readonly ca: string;
  readonly group: ProcessGroup;
};

/**
 * @param folder receives certificate, settings, what it prints; made if missing
 * @param port TLS; clear text, which only leads there, at the next one
 * @throws where there is no nginx, or it does not start
 */
export async function startNginx(folder: string, port: number, server: number): Promise<Nginx> {
  const file = await findCommand("nginx");
  if (file === undefined) throw new Error("There is no nginx on this machine.");
  await mkdir(folder, { recursive: true });
  const authority = await makeAuthority(join(folder, "authority"));
  const pair = await issueCertificate(authority, { folder, file: "localhost", names: ["localhost"] });
  const site = replaced(await readFile(EXAMPLE, "utf8"), [
    [/chat\.example\.org(?=;)/g, "localhost"],
    [/listen 80;/, `listen 127.0.0.1:${port + 1};`],
    [/listen \[::\]:80;/, ""],
    [/listen 443 ssl http2;/, `listen 127.0.0.1:${port} ssl http2;`],
    [/listen \[::\]:443 ssl http2;/, ""],
    [/ssl_certificate \S+;/, `ssl_certificate ${pair.certificate};`],
    [/ssl_certificate_key \S+;/, `ssl_certificate_key ${pair.key};`],
    [/127\.0\.0\.1:8787/g, `127.0.0.1:${server}`],
  ]);
  const settings = join(folder, "nginx.conf");
  await writeFile(settings, around(site, folder));
  const log = join(folder, "nginx.log");
  const group = await startGroup({
    file,
    args: ["-c", settings, "-p", folder, "-e", log, "-g", "daemon off;"],
    env: process.env,
    cwd: folder,
    log,
  });
  for (const end = Date.now() + START_MS; group.running() && Date.now() < end; await sleep(POLL_MS))
    if ((await busyPorts([port])).length > 0)
      return {
        origin: `https://localhost:${port}`,
        key: await keyOf(pair.certificate),
        ca: authority.certificate,
        group,
      };
  await group.kill();
  throw new Error(`nginx does not start:\n${await readFile(log, "utf8")}`);
}

/** Each of them stands there: lines that were changed are changed here, too. */
function replaced(text: string, changes: readonly (readonly [RegExp, string])[]): string {
  return changes.reduce((before, [from, to]) => {
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${EXAMPLE} has no ${from}`);
    return after;
  }, text);
}

/** What the distribution's nginx.conf says around a site, as far as it matters; everything it writes is in the folder. */
function around(site: string, folder: string): string {
  const kept = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return `pid ${folder}/nginx.pid;\nuser root;\nevents {}\nhttp {\n${kept.join("\n")}\naccess_log off;\n${site}\n}\n`;
}

async function keyOf(certificate: string): Promise<string> {
  const { publicKey } = new X509Certificate(await readFile(certificate));
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");
}
