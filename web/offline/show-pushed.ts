/**
 * Shows what a push has brought, and something in any case: browsers take the right to be rung away from a page that is rung and shows
 * nothing. Whatever is wrong, and however long it takes, the person is told that there may be something.
 */
import type { BareJid } from "../../worker/contract/names.ts";

export type Notice = {
  readonly title: string;
  readonly options: {
    readonly tag: string;
    readonly body?: string;
    readonly data?: object;
    readonly silent?: true;
    readonly renotify?: true;
    readonly actions?: readonly NoticeAction[];
  };
};

/** What can be pressed beside a notification, where the platform has that. */
type NoticeAction = { readonly action: "read"; readonly title: string };

/**
 * Notifications, and conversations whose notifications are over: their messages were read. `otherwise`: where there is nothing to show,
 * none was over, and none stands there of before.
 */
export type Rung = {
  readonly show: readonly Notice[];
  readonly over: readonly BareJid[];
  readonly otherwise: Notice;
};

type Shown = Pick<ServiceWorkerRegistration, "getNotifications" | "showNotification">;

/** Browsers give a push half a minute at the least. */
const WITHIN_MS = 15_000;

/**
 * `read` shows by what it is given and may go on after that; what fails in it ends in the fallback. Done when it is done, for what it reads has to be
 * stored, also when it was too late to be waited for; what it shows then takes the place of `last`.
 */
export async function showPushed(
  read: (show: (rung: Rung) => Promise<void>) => Promise<void>,
  shown: Shown,
  last: () => Promise<Notice>,
  withinMs = WITHIN_MS,
): Promise<void> {
  let said: "no" | "something" | "all" = "no";
  let tooLate: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<void>((resolve) => {
    tooLate = setTimeout(resolve, withinMs);
  });
  let saidSo: () => void = () => undefined;
  const told = new Promise<void>((resolve) => {
    saidSo = resolve;
  });
  const show = async (rung: Rung) => {
    const late = said === "something";
    if (await showRung(rung, shown)) said = "all";
    if (late && rung.show.length > 0) await withdraw((await last()).options.tag, rung, shown);
    saidSo();
  };
  const reading = Promise.resolve()
    .then(() => read(show))
    .catch(() => undefined); // The fallback is shown in its place.
  await Promise.race([reading, told, silence]);
  clearTimeout(tooLate);
  if (said === "no") {
    said = "something";
    await put(await last(), shown);
  }
  await reading;
}

/** Whether anything of it can be seen now. */
async function showRung({ show, over, otherwise }: Rung, shown: Shown): Promise<boolean> {
  const before = await standing(shown);
  const ended = before.filter(({ data }) => over.some((jid) => jid === chatOf(data)));
  for (const notification of ended) notification.close();
  const notices = show.length === 0 && before.length === 0 ? [otherwise] : show;
  const done = await Promise.all(notices.map((notice) => put(notice, shown)));
  return notices.length === 0 || done.includes(true);
}

function chatOf(data: unknown): string | undefined {
  return { ...(data as { readonly chat?: string } | null) }.chat;
}

async function standing(shown: Shown): Promise<readonly Notification[]> {
  try {
    return await shown.getNotifications();
  } catch {
    return [];
  }
}

async function withdraw(tag: string, { show }: Rung, shown: Shown): Promise<void> {
  if (show.some(({ options }) => options.tag === tag)) return;
  for (const notification of await standing(shown)) if (notification.tag === tag) notification.close();
}

async function put({ title, options }: Notice, shown: Shown): Promise<boolean> {
  try {
    await shown.showNotification(title, { icon: "/icon.svg", ...options });
    return true;
  } catch {
    return false;
  }
}
