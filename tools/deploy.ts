/**
 * `npm run deploy [-- --dry-run] [-- --name NAME] [-- --backup] [-- --restore-name-secret FILE]`: builds and deploys to
 * the Cloudflare account wrangler is signed in to. The first deployment makes the secrets, later ones never touch them.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildPage } from "./build-page.ts";
import { decideSecrets, type SecretName } from "./deploy-secrets.ts";
import { askDeployed } from "./deployed.ts";
import { DATA, inProject, packaged, quietEnvironment } from "./project.ts";
import { confirm, isInteractive } from "./provide.ts";
import { newSecret, secretLines } from "./secrets-file.ts";
import { runCommand, say } from "./step.ts";

const { values } = parseArgs({
  options: {
    "dry-run": { type: "boolean", default: false },
    name: { type: "string" },
    backup: { type: "boolean", default: false },
    "restore-name-secret": { type: "string" },
    "replace-name-secret": { type: "boolean", default: false },
  },
});
const naming = values.name === undefined ? [] : ["--name", values.name];
const environment = quietEnvironment(DATA);

await mkdir(DATA, { recursive: true, mode: 0o700 });
process.exit((await (values["dry-run"] ? dryRun() : deploy())) ? 0 : 1);

/** Everything but the upload; needs neither network nor account. */
async function dryRun(): Promise<boolean> {
  if (!(await buildPage())) return false;
  return wrangler(["deploy", "--dry-run", "--outdir", inProject("dist/worker"), ...naming]);
}

async function deploy(): Promise<boolean> {
  if (!(await signedIn())) return false;
  const restoring = values["restore-name-secret"];
  const restored = restoring === undefined ? undefined : (await readFile(restoring, "utf8")).trim();
  const decision = decideSecrets(await askDeployed(values.name, DATA), {
    replace: values["replace-name-secret"],
    ...(restored === undefined ? {} : { restored }),
  });
  if (decision.kind === "refuse") {
    say(decision.words);
    return false;
  }
  if (!(await buildPage())) return false;
  const secrets: Partial<Record<SecretName, string>> = Object.fromEntries(
    decision.make.map((name) => [name, newSecret()]),
  );
  if (decision.restore && restored !== undefined) secrets.NAME_SECRET = restored;
  // Before the upload: what Cloudflare holds cannot be read back.
  if (decision.make.includes("NAME_SECRET") && secrets.NAME_SECRET !== undefined) await backUp(secrets.NAME_SECRET);
  return upload(secrets);
}

/** Code and secrets go up in one step, so that there is never a Worker without its secrets. */
async function upload(secrets: Partial<Record<SecretName, string>>): Promise<boolean> {
  if (Object.keys(secrets).length === 0) return wrangler(["deploy", ...naming]);
  const folder = await mkdtemp(join(tmpdir(), "alcove-deploy-"));
  try {
    const file = join(folder, "secrets.env");
    await writeFile(file, secretLines(secrets), { mode: 0o600 });
    return await wrangler(["deploy", "--secrets-file", file, ...naming]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function backUp(nameSecret: string): Promise<void> {
  const path = join(DATA, `name-secret.${values.name ?? "alcove"}`);
  say(
    "This deployment gets a NAME_SECRET. Cloudflare keeps it and shows it to nobody; whoever deletes it (or the Worker)",
  );
  say("without a copy loses every account. Keep a copy in a safe place.");
  const wanted = values.backup || (isInteractive() && (await confirm(`Write one to ${path} (readable by you only)?`)));
  if (!wanted) {
    say("No copy was written (--backup writes one).");
    return;
  }
  await writeFile(path, `${nameSecret}\n`, { mode: 0o600, flag: "wx" });
  say(`Written: ${path}`);
}

async function signedIn(): Promise<boolean> {
  if (process.env["CLOUDFLARE_API_TOKEN"] !== undefined) return true;
  // With --json a missing sign-in is an exit code.
  if (await wrangler(["whoami", "--json"])) return true;
  if (!isInteractive()) {
    say("Not signed in to Cloudflare: set CLOUDFLARE_API_TOKEN, or run this command in a terminal.");
    return false;
  }
  return wrangler(["login"]);
}

function wrangler(args: readonly string[]): Promise<boolean> {
  return runCommand({ ...packaged("wrangler", [...args, "--config", inProject("wrangler.toml")]), env: environment });
}
