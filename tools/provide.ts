/** Finds the programs npm cannot bring and installs those that are missing, where it may. */
import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { promisify } from "node:util";
import { runCommand, say } from "./step.ts";
import { type Manager, type Program, planInstall } from "./system-packages.ts";

const run = promisify(execFile);
/** Where servers are kept even if the person's PATH leaves them out. */
const MORE_FOLDERS = [
  "/usr/local/bin",
  "/usr/bin",
  "/bin",
  "/usr/local/sbin",
  "/usr/sbin",
  "/sbin",
  "/opt/homebrew/bin",
];
const MANAGERS: readonly Manager[] = ["apt-get", "dnf", "apk"];
/** No command of its own: where Debian puts the one module of them that is used (XEP-0357), or newer ones of Prosody bring it themselves. */
const CLOUD_NOTIFY = ["", "mod_cloud_notify/"].map(
  (folder) => `/usr/lib/prosody/modules/${folder}mod_cloud_notify.lua`,
);
type Commands = Readonly<Record<Exclude<Program, "python-omemo" | "prosody-modules">, readonly string[]>>;
const COMMANDS: Commands = {
  prosody: ["prosody"],
  ejabberd: ["ejabberdctl"],
  openssl: ["openssl"],
  chromium: ["chromium", "chromium-browser"],
  firefox: ["firefox-esr", "firefox"],
  nginx: ["nginx"],
  profanity: ["profanity"],
  tmux: ["tmux"],
};

/** @returns the path of the first of `names` that can be run. */
export async function findCommand(...names: readonly string[]): Promise<string | undefined> {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...MORE_FOLDERS];
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (await isDone(access(path, constants.X_OK))) return path;
    }
  }
  return undefined;
}

/** Makes the programs available. @returns false, after saying why, where that is not possible. */
export async function provide(programs: readonly Program[]): Promise<boolean> {
  const missing = await missingOf(programs);
  const plan = planInstall(missing, {
    manager: await findManager(),
    root: process.getuid?.() === 0,
    sudo: (await findCommand("sudo")) !== undefined,
    interactive: isInteractive(),
  });
  switch (plan.kind) {
    case "nothing":
      return true;
    case "cannot":
      say(plan.words);
      return false;
    case "install":
      say(`Installing from the distribution: ${plan.packages.join(" ")} ...`);
      return (await runCommand({ file: "/bin/sh", args: ["-c", plan.script] })) && nothingMissing(programs);
    case "ask":
      if (!(await confirm(`Install ${plan.packages.join(" ")} from the distribution (with sudo)?`))) return false;
      return (await runCommand({ file: "sudo", args: ["/bin/sh", "-c", plan.script] })) && nothingMissing(programs);
  }
}

/** Whether somebody can answer a question. */
export function isInteractive(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}

/** A question to the person; only yes is yes. */
async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^\s*y(es)?\s*$/i.test(await terminal.question(`${question} [y/N] `));
  } finally {
    terminal.close();
  }
}

async function nothingMissing(programs: readonly Program[]): Promise<boolean> {
  const missing = await missingOf(programs);
  if (missing.length > 0) say(`Still missing: ${missing.join(", ")}`);
  return missing.length === 0;
}

async function missingOf(programs: readonly Program[]): Promise<readonly Program[]> {
  const found = await Promise.all(programs.map(isPresent));
  return programs.filter((_, index) => found[index] !== true);
}

async function isPresent(program: Program): Promise<boolean> {
  if (program === "prosody-modules") return isDone(Promise.any(CLOUD_NOTIFY.map((path) => access(path))));
  // The distribution's Python: another one on the PATH would not see the distribution's packages.
  if (program === "python-omemo")
    return isDone(run("/usr/bin/python3", ["-c", "import slixmpp, omemo, twomemo, oldmemo, oldmemo.etree"]));
  return (await findCommand(...COMMANDS[program])) !== undefined;
}

function isDone(what: Promise<unknown>): Promise<boolean> {
  return what.then(
    () => true,
    () => false,
  );
}

async function findManager(): Promise<Manager | undefined> {
  for (const manager of MANAGERS) if ((await findCommand(manager)) !== undefined) return manager;
  return undefined;
}
