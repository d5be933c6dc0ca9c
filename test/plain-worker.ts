/**
 * The Worker and its objects in one workerd and nothing else: `wrangler dev` puts a proxy, a router and an asset server
 * before them, whose work a deployment does not have, and takes seconds to start. Needs what `plain-entry.ts` exports.
 */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type DevWorker, type DevWorkerOptions, launchWorker } from "../tools/dev-worker.ts";
import { inProject } from "../tools/project.ts";

/** For `startStack`. @throws as `startDevWorker` does, and where no bundle was made. */
export async function startPlainWorker(options: DevWorkerOptions): Promise<DevWorker> {
  const { persist, port } = options;
  await mkdir(join(persist, "objects"), { recursive: true });
  const config = join(persist, "workerd.capnp");
  await writeFile(config, await configOf(options), { mode: 0o600 });
  const { default: file } = createRequire(import.meta.url)("workerd") as { readonly default: string };
  return launchWorker(options, {
    file,
    // The objects' folder is an experiment of workerd's; so is what keeps their databases in it.
    args: [...["serve", config, "--experimental", "--import-path=/"], `--socket-addr=http=127.0.0.1:${port}`],
    env: process.env,
  });
}

/** In the runtime's own words (`workerd.capnp`); files are named by their absolute path. */
async function configOf({ bundle, persist, secrets, variables, authorities, page }: DevWorkerOptions): Promise<string> {
  if (bundle === undefined) throw new Error("a plain Worker needs a bundle");
  const texts = (await readdir(dirname(bundle))).filter((file) => file.endsWith(".sql"));
  const modules = [
    `(name = "entry.js", esModule = embed ${quoted(bundle)})`,
    ...texts.map((file) => `(name = ${quoted(file)}, text = embed ${quoted(join(dirname(bundle), file))})`),
  ];
  const { date, flags, plain, objects } = await settings();
  const values = { ...plain, ...variables, ...(await secretsOf(secrets)) };
  const trusted = await Promise.all(authorities.map((path) => readFile(path, "utf8")));
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "page", disk = (path = ${quoted(page ?? inProject("dist/web"))}, allowDotfiles = false)),
    (name = "objects", disk = (path = ${quoted(join(persist, "objects"))}, writable = true)),
    (name = "internet", network = (
      allow = ["public", "private"],
      tlsOptions = (trustBrowserCas = true, trustedCertificates = [${trusted.map(quoted).join(", ")}])
    ))
  ],
  sockets = [(name = "http", service = "main")]
);
const main :Workerd.Worker = (
  modules = [${modules.join(", ")}],
  compatibilityDate = ${quoted(date)},
  compatibilityFlags = [${flags}],
  durableObjectNamespaces = [
    ${objects.map(([, made]) => `(className = ${quoted(made)}, uniqueKey = ${quoted(made)}, enableSql = true)`).join(",\n    ")}
  ],
  durableObjectStorage = (localDisk = "objects"),
  bindings = [
    ${Object.entries(values)
      .map(([name, value]) => `(name = ${quoted(name)}, text = ${quoted(value)}),`)
      .join("\n    ")}
    ${objects.map(([name, made]) => `(name = ${quoted(name)}, durableObjectNamespace = ${quoted(made)}),`).join("\n    ")}
    (name = "SIGN_IN_LIMIT", service = (name = "main", entrypoint = "Unlimited")),
    (name = "PAGE", service = "page")
  ]
);
`;
}

/** What wrangler.toml says: the runtime's date and flags, plain variables, and the bindings of objects with their classes. */
async function settings() {
  const wrangler = await readFile(inProject("wrangler.toml"), "utf8");
  const [, date = ""] = /^compatibility_date = "([0-9-]+)"$/m.exec(wrangler) ?? [];
  const [, flags = ""] = /^compatibility_flags = \[(.*)\]$/m.exec(wrangler) ?? [];
  const variables = wrangler.matchAll(/^([A-Z_]+) = "([^"\n]*)"$/gm);
  const bindings = wrangler.matchAll(/^name = "([A-Z_]+)"\nclass_name = "([A-Za-z]+)"$/gm);
  return {
    date,
    flags,
    plain: Object.fromEntries([...variables].map(([, name = "", value = ""]) => [name, value])),
    objects: [...bindings].map(([, name = "", made = ""]) => [name, made] as const),
  };
}

/** A file of lines `NAME=value`. */
async function secretsOf(path: string): Promise<Readonly<Record<string, string>>> {
  const lines = (await readFile(path, "utf8")).trim().split("\n");
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}

/** Its escapes are those of JSON as far as ASCII goes, and these are paths, certificates and settings. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
