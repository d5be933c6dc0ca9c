/** What wrangler is given: wrangler.toml, which git keeps and nobody has to edit, with the settings of this deployment. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Unstable_RawConfig as RawConfig } from "wrangler";
import { ROOT } from "../project.ts";
import { type Settings, WORKERS_DEV } from "./settings.ts";

/** wrangler.toml as it stands. Wrangler takes a while to load, so only those wait who need it. */
export async function readTracked(path: string): Promise<RawConfig> {
  const { experimental_readRawConfig } = await import("wrangler");
  return experimental_readRawConfig({ config: path }).rawConfig;
}

/** The variables of wrangler.toml that say something. */
export function variablesIn(tracked: RawConfig): Readonly<Record<string, string>> {
  const entries = Object.entries(tracked.vars ?? {}).flatMap(([name, value]) =>
    typeof value === "string" && value !== "" ? [[name, value] as const] : [],
  );
  return Object.fromEntries(entries);
}

export type Deployment = {
  readonly name: string;
  readonly account: string;
  readonly settings: Settings;
  readonly variables: Readonly<Record<string, string>>;
  /** What goes up, as `RELEASE`. */
  readonly release: string;
  /** No host leads to it yet. */
  readonly unreached?: boolean;
};

/** Paths are whole, for the file lies elsewhere. A host of one's own is the only one: each other is another device to browsers. */
export function configFor(tracked: RawConfig, deployment: Deployment): RawConfig {
  const { name, account, settings, variables, release, unreached = false } = deployment;
  const { host = WORKERS_DEV, allowed = "", jurisdiction = "none", location = "auto" } = settings;
  const own = host !== WORKERS_DEV;
  const { main = "worker/index.ts", assets, ratelimits = [], build: _built, ...rest } = tracked;
  return {
    ...rest,
    name,
    account_id: account,
    main: join(ROOT, main),
    ...(assets && { assets: { ...assets, directory: join(ROOT, assets.directory ?? "dist/web") } }),
    ratelimits: ratelimits.map((limit) => ({ ...limit, namespace_id: counterOf(name, limit.namespace_id) })),
    vars: {
      ...tracked.vars,
      ...variables,
      ALLOWED_DOMAINS: allowed,
      JURISDICTION: jurisdiction,
      LOCATION: location,
      RELEASE: release,
    },
    workers_dev: !own,
    preview_urls: false,
    ...(own && !unreached && { routes: [{ pattern: host, custom_domain: true }] }),
  };
}

/** Counters are shared by all Workers of an account that name the same number: two deployments have two. */
function counterOf(name: string, tracked: string): string {
  if (name === "alcove") return tracked;
  return String(createHash("sha256").update(`alcove sign-ins of ${name}`).digest().readUInt32BE(0) % 1_000_000_000);
}
