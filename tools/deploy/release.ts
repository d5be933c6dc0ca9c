/** What goes up, what is there, and what that changes for people who are signed in. */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import * as v from "valibot";
import { CONTRACT_VERSION } from "../../worker/contract/version.ts";
import { inProject, ROOT } from "../project.ts";

const run = promisify(execFile);

const releaseShape = v.object({
  version: v.string(),
  commit: v.string(),
  /** `CONTRACT_VERSION`. */
  contract: v.number(),
  /** How many steps the tables of an object have gone. */
  object: v.number(),
  /** The version of the database in browsers. */
  browser: v.number(),
  /** `printOf` the NAME_SECRET it runs with. */
  names: v.optional(v.string()),
  /** Variables that were given by `--var`: they stay so until they are given otherwise. */
  given: v.optional(v.array(v.string())),
});
export type Release = v.InferOutput<typeof releaseShape>;

/** What this folder would deploy. */
export async function thisRelease(): Promise<Release> {
  const { version } = v.parse(
    v.object({ version: v.string() }),
    JSON.parse(await readFile(inProject("package.json"), "utf8")),
  );
  const steps = (await readdir(inProject("durable/store/schema"))).filter((file) => file.endsWith(".sql"));
  // By its path alone: the compiler of the tools knows nothing of browsers.
  const browser: unknown = await import(inProject("web/engine/store/migrations.ts"));
  const { SCHEMA_VERSION } = v.parse(v.object({ SCHEMA_VERSION: v.number() }), browser);
  return {
    version,
    commit: await commit(),
    contract: CONTRACT_VERSION,
    object: steps.length,
    browser: SCHEMA_VERSION,
  };
}

/** What the Worker says that it runs; undefined where another command has put it there. */
export function releaseIn(variables: Readonly<Record<string, string>>): Release | undefined {
  try {
    const parsed = v.safeParse(releaseShape, JSON.parse(variables["RELEASE"] ?? ""));
    return parsed.success ? parsed.output : undefined;
  } catch {
    // Not JSON: it was written by nobody who knew.
    return undefined;
  }
}

export type Change =
  | { readonly kind: "none" }
  /** People notice, and nothing is lost. */
  | { readonly kind: "notice"; readonly words: readonly string[] }
  /** It would harm. */
  | { readonly kind: "harm"; readonly words: string };

/** What a deployment changes for those who are signed in. Pure. */
export function changeBetween(there: Release | undefined, here: Release): Change {
  if (there === undefined) {
    return {
      kind: "notice",
      words: [
        "Which release is deployed cannot be seen, so neither what changes. An older one than it must not go up.",
      ],
    };
  }
  const older = [
    ...(here.object < there.object ? [`the accounts' objects (${there.object}, this has ${here.object})`] : []),
    ...(here.browser < there.browser ? [`browsers (${there.browser}, this has ${here.browser})`] : []),
  ];
  if (older.length > 0) {
    return {
      kind: "harm",
      words:
        `What is deployed has newer tables in ${older.join(" and in ")}. Older code does not read newer data: people would ` +
        "be locked out. Deploy that release or a later one.",
    };
  }
  const words = [
    ...(here.contract === there.contract
      ? []
      : [
          `Pages and objects speak contract ${here.contract} (${there.contract} before): open pages say that there is a new ` +
            "version and load anew by themselves once nothing is unsent and nobody is writing.",
        ]),
    ...(Math.abs(here.contract - there.contract) > 1
      ? [
          "More than one contract lies between: until they have loaded anew, open pages may fail in words. Nothing is lost.",
        ]
      : []),
    ...(here.object > there.object
      ? [
          `The tables of each account get ${here.object - there.object} more step(s), when it wakes. There is no way back: ` +
            "the release before must not be deployed over this one.",
        ]
      : []),
    ...(here.browser > there.browser
      ? ["The database in browsers gets a newer version with the first page that loads; other tabs load anew."]
      : []),
  ];
  return words.length === 0 ? { kind: "none" } : { kind: "notice", words };
}

async function commit(): Promise<string> {
  try {
    const { stdout } = await run("git", ["describe", "--always", "--dirty", "--abbrev=12"], { cwd: ROOT });
    return stdout.trim();
  } catch {
    // A folder without history, or without git.
    return "unknown";
  }
}
