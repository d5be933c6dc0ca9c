/** For `startStack`: the Worker and its objects on one's own server, in place of `wrangler dev`. */
import { existsSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { DevWorker, DevWorkerOptions } from "../../tools/dev-worker.ts";
import type { Sources } from "../../tools/serve/build-release.ts";
import { makeRelease, startOwnServer } from "./own-server.ts";

export type OnStack = {
  /** What people open. */
  readonly origin: string;
  /** Folder of what is kept. Default: one in the stack's folder. */
  readonly data?: string | undefined;
  /** Another release than the stack's. */
  readonly release?: Sources | undefined;
};

/** Starts it as its operator would, with the stack's secrets in the data folder. */
export async function startOnStack(options: DevWorkerOptions, on: OnStack): Promise<DevWorker> {
  const { bundle, persist, page, port, secrets, variables, authorities } = options;
  if (bundle === undefined) throw new Error("one's own server is made of a bundle");
  const data = on.data ?? join(persist, "data");
  const release = releaseOf(persist, on.release);
  if (!existsSync(release)) await makeRelease(release, { bundle, ...(page && { page }), ...on.release });
  await mkdir(data, { recursive: true });
  if (!existsSync(join(data, "secrets.env"))) await copyFile(secrets, join(data, "secrets.env"));
  const { group, log } = await startOwnServer(release, data, settingsOf({ port, variables, authorities }, on));
  return { url: on.origin, log, group };
}

/** Where a release of the stack lies: the stack's own, or another one. */
export function releaseOf(persist: string, other?: Sources): string {
  return join(persist, other === undefined ? "release" : "other-release");
}

type Wanted = Pick<DevWorkerOptions, "port" | "variables" | "authorities">;

/** The stack's variables as lines of the configuration. The stack's XMPP server is on this machine. */
function settingsOf({ port, variables, authorities }: Wanted, { origin }: OnStack): string {
  const { ALLOWED_DOMAINS = "*", XMPP_ENDPOINTS = "{}" } = variables;
  const endpoints = Object.entries(JSON.parse(XMPP_ENDPOINTS) as Record<string, string>);
  return [
    `origin = ${JSON.stringify(origin)}`,
    `listen = "127.0.0.1:${port}"`,
    `allowed_domains = ${JSON.stringify(ALLOWED_DOMAINS.split(" "))}`,
    "[xmpp.endpoints]",
    ...endpoints.map(([domain, uri]) => `${JSON.stringify(domain)} = ${JSON.stringify(uri.split(" "))}`),
    "[network]",
    'allow = ["public", "local"]',
    `authorities = ${JSON.stringify(authorities)}`,
    "",
  ].join("\n");
}
