/**
 * Serves the built page where its server does not answer. It keeps the files of one release and nothing else: no call, no
 * answer of an account, no word of anybody. A press on a notification leads to the page, which is always asked for anew first, so a
 * release is never held back. When this browser is rung and no page of it is looked at, what was sent is read by a script of its own
 * (`push-reader.ts`), which is run only then.
 */
// oxlint-disable-next-line import/default -- the bundler makes this module: its default export is the address
import readerUrl from "./push-reader.ts?worker&url";
import type { PushReader, RingChoices } from "./push-reader.ts";
import { type Notice, type Rung, showPushed } from "./offline/show-pushed.ts";
import { cacheOf, isAnswer, isOf, outdated, PAGE, roadOf, type Shell } from "./offline/shell.ts";

/** Somebody waits in front of an empty tab. */
const PAGE_WITHIN_MS = 3_000;

type Waiting = Event & { waitUntil(done: Promise<unknown>): void };
type Pressing = Waiting & { readonly notification: Notification; readonly action: string };
type Ringing = Waiting & { readonly data: { json(): unknown } | null };
type Fetching = Event & { readonly request: Request; respondWith(answer: Promise<Response>): void };

type Page = {
  readonly visibilityState: string;
  focus(): Promise<unknown>;
  postMessage(message: unknown, transfer?: Transferable[]): void;
};

/** The part of the scope that is used here; the DOM types describe the page's. */
type Scope = {
  readonly location: Location;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { readonly type: "window"; readonly includeUncontrolled: boolean }): Promise<readonly Page[]>;
    openWindow(url: string): Promise<Page | null>;
  };
  readonly registration: ServiceWorkerRegistration;
  readonly trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createScriptURL(url: string): string },
    ): { createScriptURL(url: string): string };
  };
  alcovePushReader?: PushReader;
  importScripts(script: string): void;
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate" | "pushsubscriptionchange", listener: (event: Waiting) => void): void;
  addEventListener(type: "notificationclick", listener: (event: Pressing) => void): void;
  addEventListener(type: "push", listener: (event: Ringing) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetching) => void): void;
};

const scope = globalThis as unknown as Scope;
/** The build puts it here (`vite.config.ts`). */
const shell = JSON.parse("%SHELL%") as Shell;

/** The name that the policy of our pages allows (`trusted.ts`). */
const policy = scope.trustedTypes?.createPolicy("url", { createScriptURL: () => readerUrl });
/** Where a page leaves how much may be shown, and in which words (`ui/page/ringing.ts`). */
const RING = "alcove-ring";

/** Has to be asked for while it is being installed: from then on it is kept, and run when it is wanted (Service Workers §4.5). */
function loadReader(): PushReader | undefined {
  try {
    if (scope.alcovePushReader === undefined) scope.importScripts(policy?.createScriptURL(readerUrl) ?? readerUrl);
    return scope.alcovePushReader;
  } catch {
    // It could not be had, and everything else works without it.
    return undefined;
  }
}

/** All files or none: half a page would be worse than the browser's own words. */
async function keep(): Promise<void> {
  const page = await fetch(PAGE, { cache: "no-cache" });
  if (!page.ok || page.redirected || !isOf(await page.clone().text(), shell))
    throw new Error("The page is of another release");
  const cache = await caches.open(cacheOf(shell));
  await cache.addAll([...shell.files]);
  await cache.put(PAGE, page);
  await scope.skipWaiting();
}

async function takeOver(): Promise<void> {
  const names = outdated(await caches.keys(), shell);
  await Promise.all(names.map((name) => caches.delete(name)));
  await scope.clients.claim();
}

/** To a page that is open, else to a new one; where in it, the page knows by what the notification carries. */
async function lead({ data }: Notification): Promise<void> {
  const pages = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = pages.find(({ visibilityState }) => visibilityState === "visible") ?? pages[0];
  const page = open ?? (await scope.clients.openWindow(PAGE));
  page?.postMessage({ ...(data as object | null), type: "notification-pressed" });
  await open?.focus();
}

/** What was pressed beside it (`readAction`). A page that is open does it, else what reads pushes. */
async function markRead({ data }: Notification): Promise<void> {
  const pages = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (!(await isMarked(pages[0], data))) await loadReader()?.markRead(data);
}

/** A page that is hidden may be frozen, or its engine be over: then it says nothing. */
function isMarked(page: Page | undefined, data: unknown): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    setTimeout(resolve, page === undefined ? 0 : PAGE_WITHIN_MS, false);
    port1.onmessage = () => resolve(true);
    page?.postMessage({ ...(data as object | null), type: "notification-read" }, [port2]);
  });
}

/** Somebody who looks at a page sees it there. */
async function rung(said: unknown): Promise<void> {
  const read = async (show: (rung: Rung) => Promise<void>) => loadReader()?.read(said, await choices(), show);
  if (!(await isLookedAt())) await showPushed(read, scope.registration, somethingIn);
}

/** A page that opens does it, too, but nothing rings until then. */
async function subscribeAnew(): Promise<void> {
  await loadReader()?.subscribeAnew(scope.registration.pushManager, await choices());
}

async function isLookedAt(): Promise<boolean> {
  const pages = await scope.clients.matchAll({ type: "window", includeUncontrolled: true }).catch(() => []);
  return pages.some(({ visibilityState }) => visibilityState === "visible");
}

async function choices(): Promise<(RingChoices & { readonly perhaps?: string }) | undefined> {
  try {
    return await (await (await caches.open(RING)).match(`/${RING}`))?.json();
  } catch {
    // Storage that is broken: then as if nothing had been left there.
    return undefined;
  }
}

/** Where nothing could be read: in the words of the page, where not even they are there in none. */
async function somethingIn(): Promise<Notice> {
  const body = (await choices())?.perhaps;
  return { title: "Alcove", options: { tag: "alcove", ...(body !== undefined && { body }) } };
}

function saidIn({ data }: Ringing): unknown {
  try {
    return data?.json();
  } catch {
    // Not by us.
    return undefined;
  }
}

async function anew(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname;
  const kept = await (await caches.open(cacheOf(shell))).match(path);
  if (kept === undefined) return fetch(request);
  let late: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<Response>((resolve) => {
    late = setTimeout(() => resolve(kept), PAGE_WITHIN_MS);
  });
  try {
    const answer = await Promise.race([fetch(request), silence]);
    return isAnswer(answer.status) ? answer : kept;
  } catch {
    // No way to the server: the reason is the same for whoever waits, and the page says what it means.
    return kept;
  } finally {
    clearTimeout(late);
  }
}

scope.addEventListener("install", (event) => {
  loadReader();
  event.waitUntil(keep());
});
scope.addEventListener("push", (event) => event.waitUntil(rung(saidIn(event))));
scope.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(subscribeAnew()));
scope.addEventListener("activate", (event) => event.waitUntil(takeOver()));
scope.addEventListener("notificationclick", (event) => {
  const { notification, action } = event;
  notification.close();
  event.waitUntil(action === "read" ? markRead(notification) : lead(notification));
});
scope.addEventListener("fetch", (event) => {
  const { request } = event;
  switch (roadOf(request, scope.location.origin, shell)) {
    case "anew":
      event.respondWith(anew(request));
      return;
    case "kept":
      event.respondWith(caches.match(request, { ignoreVary: true }).then((kept) => kept ?? fetch(request)));
      return;
    case "network":
      return;
  }
});
