import { packaged, quietEnvironment, DATA } from "./project.ts";
import { runCommand } from "./step.ts";

/** Builds `web/` into `dist/web`. @returns whether it worked; vite's own words are on the terminal. */
export function buildPage(): Promise<boolean> {
  return runCommand({ ...packaged("vite", ["build", "web", "--logLevel", "warn"]), env: quietEnvironment(DATA) });
}
