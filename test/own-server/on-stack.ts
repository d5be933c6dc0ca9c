/** For `startStack`: the Worker and its objects on one's own server, in place of `wrangler dev`. */
import { existsSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { DevWorker, DevWorkerOptions } from "../../tools/dev-worker.ts";
import { makeRelease, startOwnServer } from "./own-server.ts";

/**
 * Starts it as its operator would, on `data` (by default in the stack's folder), with the stack's secrets in it.
 * @param front settings beside those of the stack: at least `origin`, and `listen`
 */
export async function startOnStack(
  options: DevWorkerOptions,
  front: { readonly origin: string; readonly more?: string },
  data: string = join(options.persist, "data"),
): Promise<DevWorker> {
  const { bundle, persist, page, port, secrets, variables, authorities } = options;
  if (bundle === undefined) throw new Error("one's own server is made of a bundle");
  const release = join(persist, "release");
  if (!existsSync(release)) await makeRelease(release, { bundle, ...(page && { page }) });
  await mkdir(data, { recursive: true });
  if (!existsSync(join(data, "secrets.env"))) await copyFile(secrets, join(data, "secrets.env"));
  const { group, log } = await startOwnServer(release, data, settingsOf({ port, variables, authorities }, front));
  return { url: front.origin, log, group };
}

type Wanted = Pick<DevWorkerOptions, "port" | "variables" | "authorities">;

/** The stack's variables as lines of the configuration. The stack's XMPP server is on this machine. */
function settingsOf(
  { port, variables, authorities }: Wanted,
  front: { readonly origin: string; readonly more?: string },
): string {
  const { ALLOWED_DOMAINS = "*", XMPP_ENDPOINTS = "{}" } = variables;
  const endpoints = Object.entries(JSON.parse(XMPP_ENDPOINTS) as Record<string, string>);
  return [
    `origin = ${JSON.stringify(front.origin)}`,
    `listen = "127.0.0.1:${port}"`,
    `allowed_domains = ${JSON.stringify(ALLOWED_DOMAINS.split(" "))}`,
    front.more ?? "",
    "[xmpp.endpoints]",
    ...endpoints.map(([domain, uri]) => `${JSON.stringify(domain)} = ${JSON.stringify(uri.split(" "))}`),
    "[network]",
    'allow = ["public", "local"]',
    `authorities = ${JSON.stringify(authorities)}`,
    "",
  ].join("\n");
}
