/** One walk: a stand-in of the platform, and a folder of settings and copies that begins empty. */
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimPorts } from "../xmpp-server/ports.ts";
import { type Answer, type Outcome, runAlone, runInTerminal } from "./command.ts";
import { ALPHA, PlatformStandIn } from "./platform-stand-in.ts";

/** NAME_SECRET as a runner keeps it. */
export const COPY = "a-secret-of-more-than-32-characters-that-a-runner-keeps";
/** What has to be said for a first deployment without a terminal. */
export const ALL = ["--domain", "workers.dev", "--allow", "example.org", "--jurisdiction", "eu"];

export class Walk {
  readonly platform = new PlatformStandIn();
  readonly folder: string;
  /** Of the deployment with the usual name. */
  readonly home: string;
  /** Where the copy of its NAME_SECRET is. */
  readonly copy: string;
  #api = "";

  /** One account, which has a name below workers.dev. */
  static async begin(): Promise<Walk> {
    const walk = new Walk(await mkdtemp(join(tmpdir(), "alcove-walk-")));
    walk.platform.subdomains.set(ALPHA.id, "somebody");
    walk.#api = await walk.platform.start(await claimPorts());
    return walk;
  }

  /** Another walk that goes on from here: with what the folder and the platform hold now, and nothing in common. */
  async copied(): Promise<Walk> {
    const walk = await Walk.begin();
    await cp(this.folder, walk.folder, { recursive: true });
    walk.platform.workers = structuredClone(this.platform.workers);
    walk.platform.domains = [...this.platform.domains];
    return walk;
  }

  constructor(folder: string) {
    this.folder = folder;
    this.home = join(folder, "alcove");
    this.copy = join(this.home, "name-secret");
  }

  async end(): Promise<void> {
    this.platform.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The command without a terminal. */
  alone(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    return runAlone(args, { api: this.#api, folder: this.folder, environment });
  }

  /** The command in a terminal, with somebody who answers. */
  inTerminal(args: readonly string[], answers: readonly Answer[]): Promise<Outcome> {
    return runInTerminal(args, answers, { api: this.#api, folder: this.folder });
  }

  async settings(): Promise<Readonly<Record<string, unknown>>> {
    return JSON.parse(await readFile(join(this.home, "settings.json"), "utf8"));
  }
}
