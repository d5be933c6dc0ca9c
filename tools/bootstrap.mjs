/**
 * What stands before every npm script. It runs on a plain Node 20 in a fresh clone, so it imports nothing but Node:
 * it installs what package-lock.json names, finds a Node that runs TypeScript, and hands over to the real script.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** The first release line that runs TypeScript without a flag; wrangler asks for 22.12. */
const NEEDED = [22, 18];
const PARENT_CHECK_MS = 500;
/** Some packages want a newer Node than the one npm runs on; that one comes with them, so it is no news. */
const INSTALL = ["ci", "--loglevel=error"];

/**
 * Runs a TypeScript file of the project with this process's arguments and ends with its exit code.
 * @param {string} script path within the project
 * @param {readonly string[]} before arguments put before those of the person
 */
export async function run(script, before = []) {
  if (!isInstalled()) install();
  const node = findNode();
  if (node === undefined) {
    const needed = NEEDED.join(".");
    say(`Alcove needs Node ${needed} or newer; this is ${process.version}. On Linux (x64, arm64) one comes with the`);
    say("packages; on this system please install Node 24 from https://nodejs.org and run the command again.");
    process.exit(1);
  }
  // The channel tells the script when this process is gone, however that came about.
  const child = spawn(node, [join(ROOT, script), ...before, ...process.argv.slice(2)], {
    cwd: ROOT,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  // npm starts a shell that starts this process, and passes signals on to the shell only: when that has ended, so have we.
  const parent = process.ppid;
  const orphaned = () => process.env.npm_lifecycle_event !== undefined && process.ppid !== parent;
  setInterval(() => orphaned() && child.kill("SIGHUP"), PARENT_CHECK_MS).unref();
  child.once("error", (error) => {
    say(`${node} does not start: ${error.message}`);
    process.exit(1);
  });
  child.once("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
}

/** Whether node_modules holds exactly what the lock file names (packages for other systems aside). */
function isInstalled() {
  const locked = readJson(join(ROOT, "package-lock.json"));
  const present = readJson(join(ROOT, "node_modules/.package-lock.json"));
  if (locked === undefined || present === undefined) return false;
  return Object.entries(locked.packages).every(([path, wanted]) => {
    if (path === "") return true;
    const found = present.packages[path];
    if (found === undefined) return wanted.optional === true || wanted.devOptional === true || wanted.peer === true;
    return found.version === wanted.version && existsSync(join(ROOT, path, "package.json"));
  });
}

function install() {
  say("Installing the packages that package-lock.json names ...");
  const npm = process.env.npm_execpath;
  const [file, args] =
    npm !== undefined && /\.c?js$/.test(npm) ? [process.execPath, [npm, ...INSTALL]] : ["npm", INSTALL];
  const result = spawnSync(file, args, { cwd: ROOT, stdio: "inherit", shell: process.platform === "win32" });
  if (result.status !== 0) {
    say("The packages could not be installed; npm's own words are above.");
    process.exit(1);
  }
}

/** This Node where it is new enough, else the one among the packages, else none. */
function findNode() {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const packaged = join(ROOT, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (!existsSync(packaged)) return undefined;
  const answer = spawnSync(packaged, ["--version"], { encoding: "utf8" });
  return answer.status === 0 && isNewEnough(answer.stdout.trim().slice(1)) ? packaged : undefined;
}

/** @param {string} version */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** @param {string} path */
function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`${text}\n`);
}
