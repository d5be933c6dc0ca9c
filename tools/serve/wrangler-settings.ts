/** What wrangler.toml says of a Worker, as far as plain workerd can give it. Pure. */
import { parse } from "smol-toml";
import * as v from "valibot";

export type WranglerSettings = {
  readonly date: string;
  readonly flags: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** Names of secrets. */
  readonly secrets: readonly string[];
  /** `key` names the folder and the ids of the class's objects, for ever. */
  readonly objects: readonly { readonly binding: string; readonly className: string; readonly key: string }[];
  readonly limits: readonly { readonly binding: string; readonly limit: number; readonly periodSeconds: number }[];
  readonly assets: {
    readonly binding: string;
    readonly workerFirst: readonly string[] | boolean;
    readonly notFound: string;
    /** The text of `_headers`. */
    readonly headers: string;
  };
};

const schema = v.strictObject({
  compatibility_date: v.string(),
  compatibility_flags: v.optional(v.array(v.string()), []),
  vars: v.optional(v.record(v.string(), v.string()), {}),
  secrets: v.object({ required: v.array(v.string()) }),
  assets: v.object({
    binding: v.string(),
    directory: v.optional(v.string()),
    run_worker_first: v.union([v.boolean(), v.array(v.string())]),
    not_found_handling: v.string(),
  }),
  durable_objects: v.object({ bindings: v.array(v.object({ name: v.string(), class_name: v.string() })) }),
  ratelimits: v.optional(
    v.array(v.object({ name: v.string(), simple: v.object({ limit: v.number(), period: v.number() }) })),
    [],
  ),
});

/** Where a Worker lives on the platform and what is seen of it there: nothing that one's own server would have to give. */
const OF_THE_PLATFORM = [
  "name",
  "main",
  "keep_names",
  "migrations",
  "observability",
  "workers_dev",
  "preview_urls",
  // The runtime has no timer; `watch.ts` asks for what the platform's would start.
  "triggers",
].concat(["routes", "route", "build", "placement", "account_id", "send_metrics", "logpush", "limits", "minify"]);

/** Where the platform keeps objects: there is one place here, and a jurisdiction would change every object's name. */
const PLACES = ["JURISDICTION", "LOCATION"];

/**
 * @param headers text of the page's `_headers`
 * @throws where it names something that this server does not know how to give
 */
export function parseWrangler(text: string, headers: string): WranglerSettings {
  const all = Object.entries(parse(text)).filter(([key]) => !OF_THE_PLATFORM.includes(key));
  const read = v.safeParse(schema, Object.fromEntries(all));
  if (!read.success) {
    const words = read.issues.map((issue) => `${v.getDotPath(issue) ?? "?"}: ${issue.message}`);
    throw new Error(
      `wrangler.toml has what one's own server does not know (tools/serve/wrangler-settings.ts):\n${words.join("\n")}`,
    );
  }
  const { compatibility_date, compatibility_flags, vars, secrets, assets, durable_objects, ratelimits } = read.output;
  return {
    date: compatibility_date,
    flags: compatibility_flags,
    variables: Object.fromEntries(Object.entries(vars).filter(([name]) => !PLACES.includes(name))),
    secrets: secrets.required,
    // The names that wrangler gives: a folder of `npm start` can be moved here.
    objects: durable_objects.bindings.map(({ name, class_name }) => ({
      binding: name,
      className: class_name,
      key: `alcove-${class_name}`,
    })),
    limits: ratelimits.map(({ name, simple }) => ({
      binding: name,
      limit: simple.limit,
      periodSeconds: simple.period,
    })),
    assets: {
      binding: assets.binding,
      workerFirst: assets.run_worker_first,
      notFound: assets.not_found_handling,
      headers,
    },
  };
}
