import { effect } from "@preact/signals-core";
import { drop } from "../../../worker/shared/drop.ts";
import { report } from "../../../worker/shared/report.ts";
import type { App } from "../../model/app.ts";

/** After the first screen stands: all of the page is fetched once more, mostly from the browser's own cache. */
const LATER_MS = 3_000;

/**
 * Keeps the page itself in this browser while somebody is signed in, so that it starts where its server is down; and lets go
 * of it once everything of the account has been erased.
 *
 * @param script address of the service worker
 */
export function followOfflineStart(app: App, script: string): void {
  // Some private windows have none.
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (workers === undefined) return;
  effect(() => {
    const session = app.session.value;
    if (session.state === "signed-in" && workers.controller === null)
      setTimeout(() => drop(keep(workers, script)), LATER_MS);
    if (session.state === "signed-out" && session.account === undefined) drop(letGo(workers));
  });
}

async function keep(workers: ServiceWorkerContainer, script: string): Promise<void> {
  try {
    await workers.register(script);
  } catch (error) {
    // Without it everything works but a start without the server; the next visit tries again.
    report("the page could not be kept for a start without its server", error);
  }
}

/** All caches of this origin are ours. */
async function letGo(workers: ServiceWorkerContainer): Promise<void> {
  for (const registration of await workers.getRegistrations()) await registration.unregister();
  for (const name of await caches.keys()) await caches.delete(name);
}
