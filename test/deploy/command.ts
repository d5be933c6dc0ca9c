/** The deploy command as it is run: by a runner without a terminal, or by somebody in front of a real one (`script`). */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { stripVTControlCharacters } from "node:util";
import { inProject } from "../../tools/project.ts";
import { TOKEN } from "./platform-stand-in.ts";

const ANSWER_TIMEOUT_MS = 240_000;

export type Outcome = { readonly code: number; readonly printed: string };
export type Surroundings = {
  /** Of the stand-in. */
  readonly api: string;
  /** Of settings and copies. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
};
/** What is waited for on the screen, and what is typed then. */
export type Answer = readonly [shown: RegExp, typed: string];

/** Without a terminal: nothing can be answered. */
export async function runAlone(args: readonly string[], surroundings: Surroundings): Promise<Outcome> {
  const child = spawn(process.execPath, [inProject("tools/deploy/main.ts"), ...args], {
    env: environmentOf(surroundings),
    stdio: ["ignore", "pipe", "pipe"],
  });
  return ended(child, () => undefined);
}

/** In a terminal of its own. Every answer is typed once its question is on the screen. */
export async function runInTerminal(
  args: readonly string[],
  answers: readonly Answer[],
  surroundings: Surroundings,
): Promise<Outcome> {
  const command = [process.execPath, inProject("tools/deploy/main.ts"), ...args].map(quoted).join(" ");
  const child = spawn("script", ["--quiet", "--return", "--flush", "--command", command, "/dev/null"], {
    env: { ...environmentOf(surroundings), TERM: "xterm" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const left = [...answers];
  let read = 0;
  const outcome = await ended(child, (printed) => {
    const [next] = left;
    const match = next?.[0].exec(printed.slice(read));
    if (next === undefined || match == null) return;
    left.shift();
    read += match.index + match[0].length;
    child.stdin?.write(`${next[1]}\n`);
  });
  if (left.length > 0) throw new Error(`Never asked: ${left[0]?.[0].source}\n${outcome.printed}`);
  return outcome;
}

async function ended(child: ChildProcess, onPrinted: (printed: string) => void): Promise<Outcome> {
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8");
    stream?.on("data", (text: string) => {
      printed += stripVTControlCharacters(text).replaceAll("\r", "");
      onPrinted(printed);
    });
  }
  const timer = setTimeout(() => child.kill(), ANSWER_TIMEOUT_MS);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(timer);
  return { code: code ?? 1, printed };
}

/** Nothing of whoever runs the test: neither their sign-in nor their settings. */
export function environmentOf({ api, folder, environment = {} }: Surroundings): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:CLOUDFLARE|CF|ALCOVE|WRANGLER|WORKERS|CI$)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    XDG_CONFIG_HOME: folder,
    HOME: folder,
    CLOUDFLARE_API_BASE_URL: api,
    CLOUDFLARE_API_TOKEN: TOKEN,
    ALCOVE_DEPLOYMENTS: folder,
    ALCOVE_PAGE: "built",
    ...environment,
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
