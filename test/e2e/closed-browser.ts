/** A browser with no page of ours open: how it is rung, and what it shows then. */
import type { Browser, CDPSession, Page } from "puppeteer-core";
import { drop } from "../../worker/shared/drop.ts";
import type { PushService } from "../push-service.ts";
import type { Person } from "./person.ts";
import { until } from "./waiting.ts";

/** Title, words, tag. */
export type ShownNotice = readonly [title: string, body: string, tag: string];

/**
 * A browser's own push service is out there, where no test reaches. In its place stands one on this machine: each page is given an
 * address there.
 */
export function subscribesAt(service: PushService): (page: Page) => Promise<void> {
  const subscription = service.subscribe();
  return async (page) => {
    await page.evaluateOnNewDocument(({ endpoint, key, auth }) => {
      const bytes = (text: string) =>
        Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0)).buffer;
      let held: object | null = null;
      Object.assign(PushManager.prototype, {
        getSubscription: async () => held,
        subscribe: async (options: object) => {
          held = {
            endpoint,
            options,
            getKey: (name: string) => bytes(name === "auth" ? auth : key),
            unsubscribe: async () => {
              held = null;
              return true;
            },
          };
          return held;
        },
      });
    }, subscription);
  };
}

/** The person has answered the browser's question. */
export async function lets(person: Person, state: "granted" | "denied"): Promise<void> {
  const { origin } = new URL(person.page.url());
  const context = person.page.browser().defaultBrowserContext();
  await context.setPermission(origin, { permission: { name: "notifications" }, state });
}

/**
 * What the service is given arrives by the browser's own delivery, also where no page of ours is open.
 * @param session of a page that stays
 */
export async function isRungBy(service: PushService, origin: string, session: CDPSession): Promise<void> {
  let registrationId = "";
  session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    registrationId =
      registrations.find(({ scopeURL }) => scopeURL.startsWith(origin))?.registrationId ?? registrationId;
  });
  await session.send("ServiceWorker.enable");
  service.onPush = ({ text: data }) =>
    drop(session.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data }));
}

export function serviceWorkerOf(browser: Browser) {
  return until("the service worker runs", async () => {
    const target = browser.targets().find((one) => one.type() === "service_worker");
    return (await target?.worker()) ?? undefined;
  });
}

/** What it shows, as its service worker knows it. */
export async function shownWhileClosed(browser: Browser): Promise<readonly ShownNotice[]> {
  const worker = await serviceWorkerOf(browser);
  return worker.evaluate(async () => {
    const { registration } = globalThis as unknown as { readonly registration: ServiceWorkerRegistration };
    return (await registration.getNotifications()).map(({ title, body, tag }) => [title, body, tag] as const);
  });
}
