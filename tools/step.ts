/** Running one step of a command and saying what it is. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { ROOT } from "./project.ts";

export type Command = { readonly file: string; readonly args: readonly string[]; readonly env?: NodeJS.ProcessEnv };

/** One line to the person. */
export function say(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** Runs a program with the terminal's input and output. @returns whether it ended with code 0. */
export async function runCommand({ file, args, env }: Command): Promise<boolean> {
  const child = spawn(file, args, { cwd: ROOT, stdio: "inherit", env: env ?? process.env });
  try {
    const [code] = (await once(child, "exit")) as [number | null];
    return code === 0;
  } catch (error) {
    say(`${file} cannot be run: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

/** Seconds since a time of `performance.now()`, for people. */
export function secondsSince(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
