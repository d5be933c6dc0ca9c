/** The files of whoever is signed in here, and those on their way. */
import { effect } from "@preact/signals-core";
import type { BareJid } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { type FileStorage, type PageId, pageLock, UPLOADS } from "../../engine/protocol/files.ts";
import type { App } from "../app.ts";
import { accountNow } from "../clock.ts";
import { Files } from "./files.ts";
import { KeptVoices } from "./kept-voices.ts";
import { tabsOf } from "./tabs.ts";
import { Uploads } from "./uploads.ts";

type Known = {
  readonly account: BareJid;
  readonly files: Files;
  readonly uploads: Uploads;
  readonly voices: KeptVoices;
  readonly stop: () => void;
};

const known = new WeakMap<App, Known>();

/** Undefined: nobody is signed in, or this page has no worker of files. */
export function filesOf(app: App): Pick<Known, "files" | "uploads" | "voices"> | undefined {
  const account = app.account.peek();
  const before = known.get(app);
  if (before?.account === account) return before;
  before?.stop();
  const {
    engine,
    workers: { files: startFiles },
  } = app;
  if (account === undefined || startFiles === undefined) return undefined;
  const page = crypto.randomUUID() as string as PageId;
  const letGo = hold(pageLock(page));
  const files = new Files(engine, { account, page, start: startFiles });
  const conversationOf = (chat: BareJid) => app.conversation(chat);
  const uploads = new Uploads({ engine, files, now: accountNow, conversationOf, tabs: tabsOf(account) });
  const any = () => isKept(account);
  const voices = new KeptVoices({ asking: files.asking, any, hold: holdAlone });
  const unfollow = effect(() => {
    if (app.account.value !== account) queueMicrotask(stop);
    else if (app.live.value) uploads.connected();
  });
  const stop = () => {
    unfollow();
    uploads.end();
    files.end();
    letGo();
    if (known.get(app)?.files === files) known.delete(app);
  };
  known.set(app, { account, files, uploads, voices, stop });
  return { files, uploads, voices };
}

/** Holds a lock, beside others, until what this returns is called or the page goes. */
function hold(name: string): () => void {
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  drop(navigator.locks.request(name, { mode: "shared" }, () => held));
  return letGo;
}

/** Holds a lock until what this gives is called, or the page goes. Undefined: another page has it. */
function holdAlone(name: string): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    const job = (lock: Lock | null) => {
      if (lock === null) {
        resolve(undefined);
        return undefined;
      }
      return new Promise<void>((letGo) => {
        resolve(letGo);
      });
    };
    navigator.locks.request(name, { ifAvailable: true }, job).catch(reject);
  });
}

/** Whether anything was ever on its way here: else no worker is begun to look. */
async function isKept(account: BareJid): Promise<boolean> {
  const databases = (await indexedDB.databases?.()) ?? [{ name: UPLOADS + account }];
  return databases.some(({ name }) => name === UPLOADS + account);
}

/** Takes up what was on its way when a page of this account went. Without any, no worker is begun for it. */
export async function resumeUploads(app: App): Promise<void> {
  const account = app.account.peek();
  if (account === undefined || !(await isKept(account))) return;
  await filesOf(app)?.uploads.resume();
}

/** What is kept of files here, after what is to be changed about that. Undefined: nobody could look. */
export function fileStorage(
  app: App,
  change: { readonly most?: number; readonly empty?: true } = {},
): Promise<FileStorage | undefined> {
  return new Promise((resolve) => {
    const asking = filesOf(app)?.files.asking;
    if (asking === undefined) resolve(undefined);
    asking?.ask({ kind: "storage", ...change }, (reply) => resolve("storage" in reply ? reply.storage : undefined));
  });
}
