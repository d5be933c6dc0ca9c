/** The XMPP server of `npm start`, for people without an account at hand: found, installed or run in a container. */
import { spawnSync } from "node:child_process";
import { startXmppServer, type XmppServer, type XmppServerCommand } from "../test/xmpp-server/prosody.ts";
import { findCommand, provide } from "./provide.ts";
import { say } from "./step.ts";

/** Prosody's official image, the release line of Debian 12. */
const IMAGE = "docker.io/prosodyim/prosody:0.12";
const ENGINES = ["docker", "podman"] as const;
const ENGINE_TIMEOUT_MS = 10_000;

export const DEMO_ACCOUNTS = [
  { name: "alice", password: "wonderland" },
  { name: "bob", password: "builder" },
] as const;

type Way = { readonly kind: "path" } | { readonly kind: "container"; readonly command: XmppServerCommand };

/** @returns undefined, after saying what to do, where no server can be had or it does not start. */
export async function startDemoServer(state: string, basePort: number): Promise<XmppServer | undefined> {
  const way = await findWay();
  if (way === undefined) {
    say("  No XMPP server for the demo: install Prosody (https://prosody.im/download/) or Docker and start again.");
    say("  Alcove runs on; sign in with an account you have anywhere.");
    return undefined;
  }
  if ((await findCommand("openssl")) === undefined && !(await provide(["openssl"]))) return undefined;
  try {
    return await startXmppServer({
      state,
      basePort,
      accounts: DEMO_ACCOUNTS,
      friends: true,
      ...(way.kind === "container" ? { command: way.command } : {}),
    });
  } catch (error) {
    say(`  The demo's XMPP server does not start: ${error instanceof Error ? error.message : String(error)}`);
    say("  Alcove runs on; sign in with an account you have anywhere.");
    return undefined;
  }
}

async function findWay(): Promise<Way | undefined> {
  if ((await findCommand("prosody")) !== undefined) return { kind: "path" };
  if (await provide(["prosody"])) return { kind: "path" };
  for (const engine of ENGINES) {
    const file = await findCommand(engine);
    if (file === undefined) continue;
    const answers = spawnSync(file, ["info"], { stdio: "ignore", timeout: ENGINE_TIMEOUT_MS }).status === 0;
    if (!answers) continue;
    say(`  Prosody runs in ${engine} (${IMAGE}).`);
    return { kind: "container", command: containerCommand(engine, file) };
  }
  return undefined;
}

/**
 * Inside, the folders have the same paths as outside and every address is listened on; only the loopback address of
 * this machine is published. The container ends with the client that runs it (`--init` passes signals on, `--rm`).
 */
function containerCommand(engine: (typeof ENGINES)[number], file: string): XmppServerCommand {
  return ({ environment, configFile, folders, ports }) => {
    const inside = { ...environment, XMPP_INTERFACES: "0.0.0.0" };
    const user = engine === "podman" ? ["--userns=keep-id"] : ["--user", `${process.getuid?.()}:${process.getgid?.()}`];
    return {
      file,
      args: [
        ...["run", "--rm", "--init", ...user, "--entrypoint", "prosody"],
        ...ports.flatMap((port) => ["--publish", `127.0.0.1:${port}:${port}`]),
        ...["--volume", `${folders.state}:${folders.state}`, "--volume", `${folders.project}:${folders.project}:ro`],
        ...Object.entries(inside).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
        ...[IMAGE, "-F", "--config", configFile],
      ],
    };
  };
}
