/**
 * The program of one's own server, `dist/server/serve.mjs`: serves the release it lies in, or tells about what runs.
 * `--config FILE`, and one of `--check`, `--status`, `--backup FOLDER`; without one of these it serves.
 */
import { access, constants, readdir, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { say } from "../step.ts";
import { readAuthorities, systemHasAuthorities } from "./authorities.ts";
import { backUp } from "./backup.ts";
import { type Config, readConfig } from "./config.ts";
import { askStatus } from "./control.ts";
import { type Folders, foldersIn, keepOwnSecrets, prepareFolders } from "./folders.ts";
import { type Release, readRelease } from "./release.ts";
import { alreadyRunning, startRuntime } from "./runtime.ts";
import { runtimeConfig } from "./runtime-config.ts";
import { watch } from "./watch.ts";
import { writeWhole } from "../write-whole.ts";

const SIGNAL_GRACE_MS = 500;

const USAGE = `npm run serve -- --config FILE                   builds, then serves (docs/own-server.md)
                --config FILE --built           serves what was built before
                --build                         builds into dist/server
                --config FILE --check           reads the configuration and says what is wrong with it
                --config FILE --status          whether it runs, and since when
                --config FILE --backup FOLDER   copies all that is kept, while it runs`;

// The channel to whoever started us would keep this process alive.
process.exit(
  await main().catch((error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    return 1;
  }),
);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      config: { type: "string" },
      built: { type: "boolean" },
      check: { type: "boolean" },
      status: { type: "boolean" },
      backup: { type: "string" },
    },
  });
  if (values.config === undefined) {
    say(USAGE);
    return 1;
  }
  const release = await readRelease(dirname(fileURLToPath(import.meta.url)));
  const path = resolve(values.config);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${path} cannot be read (${error.code ?? error.message}).`);
  });
  const read = readConfig(text, dirname(path), Object.keys(release.variables));
  const problems = read.ok ? await missingFiles(read.config) : read.problems;
  if (!read.ok || problems.length > 0) {
    say(`${path}:\n${problems.map((words) => `  ${words}`).join("\n")}`);
    return 1;
  }
  const folders = foldersIn(read.config.data);
  if (values.check === true) say(`${path} is in order.`);
  else if (values.status === true) return tellStatus(folders);
  else if (values.backup !== undefined) await copyAll(folders, resolve(values.backup));
  else return serve(read.config, release, folders);
  return 0;
}

/** Files that the configuration names: the runtime would say it in its own words. */
async function missingFiles({ certificate, authorities }: Config): Promise<readonly string[]> {
  const named = [certificate?.chain, certificate?.key, ...authorities].filter((path) => path !== undefined);
  const words = await Promise.all(
    named.map((path) =>
      access(path, constants.R_OK).then(
        () => undefined,
        (error: NodeJS.ErrnoException) => `${path} cannot be read (${error.code ?? error.message}).`,
      ),
    ),
  );
  return words.filter((one) => one !== undefined);
}

async function serve(config: Config, release: Release, folders: Folders): Promise<number> {
  const running = await alreadyRunning(folders);
  if (running !== undefined) {
    say(running);
    return 1;
  }
  await prepareFolders(folders, release.page);
  const hasObjects = (await readdir(folders.objects)).length > 0;
  const secrets = await keepOwnSecrets(folders.secrets, release.secrets, hasObjects);
  const authorities = await readAuthorities(config.authorities);
  if (!(await systemHasAuthorities()))
    say("This system has no authorities (package ca-certificates): only servers that yours vouch for are trusted.");
  await writeWhole(folders.runtime, runtimeConfig(config, release, folders, authorities));
  const asked = whenAsked();
  const runtime = await startRuntime(release.runtime, folders, secrets);
  watch(folders.control, config.origin, secrets["NAME_SECRET"] ?? "");
  say(`Alcove ${release.name} serves ${config.origin} at ${config.listen}. All that is kept: ${config.data}`);
  await Promise.race([asked, runtime.ended]);
  // Ctrl-C reaches the runtime too, and its end may be noticed first.
  if ((await Promise.race([asked, sleep(SIGNAL_GRACE_MS)])) === "asked") {
    say("Stopping.");
    await runtime.stop();
    return 0;
  }
  say("The server has ended by itself. What workerd says about it stands above.");
  return 1;
}

/** Settles when this process is asked to end. Whoever asks again a moment later does not want to wait. */
function whenAsked(): Promise<"asked"> {
  return new Promise((settle) => {
    let first: number | undefined;
    const ask = () => {
      first ??= performance.now();
      // A terminal and the process before this one may both pass on one Ctrl-C.
      if (performance.now() - first > SIGNAL_GRACE_MS) process.exit(1);
      settle("asked");
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"]) process.on(signal, ask);
  });
}

async function tellStatus({ control }: Folders): Promise<number> {
  const status = await askStatus(control);
  if (status === undefined) {
    say("No server runs on this data folder.");
    return 1;
  }
  say(
    `Alcove ${status.release} runs since ${new Date(status.startedAt).toISOString()}, answering ${status.running} requests now.`,
  );
  return 0;
}

async function copyAll(folders: Folders, target: string): Promise<void> {
  const objects = await backUp(folders, target);
  say(
    `${target}: the secrets and ${objects} objects, each of them checked. A server with data = "${target}" has them all.`,
  );
}
