/** The runtime's configuration in its own words (`workerd.capnp`): our configuration file and a release put together. Pure. */
import type { Config } from "./config.ts";
import { type Folders, OWN_SECRETS } from "./folders.ts";
import type { FrontSettings } from "./front/settings.ts";
import type { Release } from "./release.ts";

const MS_PER_SECOND = 1_000;

/**
 * Secrets come by the environment, so that they stand in the file of secrets alone. Every module and file is named by its
 * absolute path (`--import-path=/`).
 * @param authorities certificates, each a PEM text
 */
export function runtimeConfig(
  config: Config,
  release: Release,
  folders: Folders,
  authorities: readonly string[],
): string {
  const { objects, limits, secrets, variables } = release;
  const front: FrontSettings = {
    origin: config.origin,
    proxies: config.proxies,
    tls: config.certificate !== undefined,
    release: release.name,
  };
  // For `GET /api/health`, as a deployment writes it down.
  const ours = { RELEASE: JSON.stringify({ version: release.version, commit: release.name }) };
  const bindings = [
    ...Object.entries({ ...ours, ...variables, ...config.variables }).map(([name, value]) => [
      name,
      `text = ${quoted(value)}`,
    ]),
    ...[...secrets, ...OWN_SECRETS].map((name) => [name, `fromEnvironment = ${quoted(name)}`]),
    ...objects.map(({ binding, className }) => [binding, `durableObjectNamespace = ${quoted(className)}`]),
    ...limits.map((limit) => [limit.binding, `service = ${limiter(limit)}`]),
    [release.assets.binding, `service = (name = "site", entrypoint = "AssetWorker")`],
  ];
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "front", worker = .front),
    (name = "site", assets = (path = ${quoted(folders.page)}, config = ${quoted(assetsConfig(release))}, userWorker = (name = "main"))),
    (name = "objects", disk = (path = ${quoted(folders.objects)}, writable = true)),
    (name = "internet", network = (
      allow = [${config.reach.map(quoted).join(", ")}],
      tlsOptions = (trustBrowserCas = true, trustedCertificates = [${authorities.map(quoted).join(", ")}])
    ))
  ],
  sockets = [
    (name = "page", address = ${quoted(config.listen)}, service = (name = "front"), ${protocol(config)}),
    (name = "control", address = ${quoted(`unix:${folders.control}`)}, service = (name = "front", entrypoint = "Control"), http = ())
  ]
);
const main :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = ${embedded(release.main)}),
    ${release.texts.map((path) => `(name = ${quoted(moduleName(path))}, text = ${embedded(path)})`).join(",\n    ")}
  ],
  compatibilityDate = ${quoted(release.date)},
  compatibilityFlags = [${release.flags.map(quoted).join(", ")}],
  durableObjectNamespaces = [
    ${objects.map(({ className, key }) => `(className = ${quoted(className)}, uniqueKey = ${quoted(key)}, enableSql = true)`).join(",\n    ")}
  ],
  durableObjectStorage = (localDisk = "objects"),
  bindings = [
    ${bindings.map(([name = "", value]) => `(name = ${quoted(name)}, ${value})`).join(",\n    ")}
  ]
);
const front :Workerd.Worker = (
  modules = [(name = "front.js", esModule = ${embedded(release.front)})],
  compatibilityDate = ${quoted(release.date)},
  bindings = [
    (name = "SETTINGS", json = ${quoted(JSON.stringify(front))}),
    (name = "SITE", service = "site")
  ]
);
`;
}

function protocol({ certificate }: Config): string {
  if (certificate === undefined) return "http = ()";
  const pair = `privateKey = ${embedded(certificate.key)}, certificateChain = ${embedded(certificate.chain)}`;
  return `https = (tlsOptions = (keypair = (${pair})))`;
}

function limiter({ binding, limit, periodSeconds }: Release["limits"][number]): string {
  const props = JSON.stringify({ name: binding, limit, periodMs: periodSeconds * MS_PER_SECOND });
  return `(name = "front", entrypoint = "Limit", props = (json = ${quoted(props)}))`;
}

/** What wrangler.toml says of files, and `_headers` of the built page. */
function assetsConfig({ assets }: Release): string {
  const { workerFirst, notFound, headers } = assets;
  return JSON.stringify({ run_worker_first: workerFirst, not_found_handling: notFound, headers });
}

/** The bundle imports its texts by their name, beside it. */
function moduleName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function embedded(path: string): string {
  return `embed ${quoted(path)}`;
}

/** Its escapes are those of C, which JSON shares where nothing but line ends, tabs, quotes and backslashes has to be escaped. */
function quoted(text: string): string {
  const json = JSON.stringify(text);
  if (/\\u/.test(json)) throw new Error(`${json} has a character that cannot stand in a configuration`);
  return json;
}
