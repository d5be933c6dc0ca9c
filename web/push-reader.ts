/**
 * What the service worker calls when it was rung: reads the push as the engine would and says what is to be shown. A script of its own,
 * which is run only then (`service-worker.ts`); all that is privileged about it is that it can open this browser's keys.
 */
import type { QuietHours } from "../worker/contract/push.ts";
import { inUtc, isQuiet, minuteOfDay } from "../worker/shared/quiet-hours.ts";
import { report } from "../worker/shared/report.ts";
import { originRemote } from "./engine/object/calls.ts";
import { isReadUpTo, markRead } from "./engine/pushed/mark-read.ts";
import { isPushMessage, readPushed, type PushedNews } from "./engine/pushed/read-pushed.ts";
import { leadBriefly } from "./engine/tabs/briefly.ts";
import { lastAccount } from "./engine/store/known-accounts.ts";
import { text } from "./i18n/aside.ts";
import { speak, type Spoken } from "./i18n/text.ts";
import { ONE_TAG, pushedNotifications, readAction, type Showing } from "./model/notifications.ts";
import { subscribe } from "./model/subscribing.ts";
import type { Notice, Rung } from "./offline/show-pushed.ts";

/** What the page has left for it (`ui/page/ringing.ts`): how much may be shown, and in which words. */
export type RingChoices = {
  readonly show: Showing;
  readonly spoken: Spoken;
  /** By the clock of this device. */
  readonly quiet?: QuietHours;
};

/** What it hands to the service worker; in its own scope a script has no other way. */
export type PushReader = {
  /** It may go on after it has shown. */
  readonly read: (
    said: unknown,
    choices: RingChoices | undefined,
    show: (rung: Rung) => Promise<void>,
  ) => Promise<void>;
  /** The person has said of a notification that they have read what it tells, with no page open. */
  readonly markRead: (notified: unknown) => Promise<void>;
  /** The browser's push service has ended what there was: another one, in the name of whoever is signed in. */
  readonly subscribeAnew: (pushManager: PushManager, choices: RingChoices | undefined) => Promise<void>;
};

const read: PushReader["read"] = async (said, choices, show) => {
  speakAs(choices);
  let isShown = false;
  const showOnce = async (rung: Rung) => {
    isShown = true;
    await show(rung);
  };
  if (isPushMessage(said)) {
    const tell = (news: PushedNews) => showOnce(rungOf(news, choices, said.now));
    try {
      await leadBriefly(navigator.locks, () => readPushed(said, originRemote, tell));
    } catch (error) {
      // Nothing is lost: it is read when the page is opened.
      report("a push could not be read", error);
    }
  }
  if (!isShown) await show({ show: [perhaps()], over: [], otherwise: perhaps() });
};

/** What a page of another release has left may not be what is understood here. */
function speakAs(choices: RingChoices | undefined): void {
  try {
    if (choices !== undefined) speak(choices.spoken);
  } catch (error) {
    report("the words of the page are not understood", error);
  }
}

/** By the clock of the push, for that of a device may be wrong by hours. */
function rungOf(news: PushedNews, choices: RingChoices | undefined, now: number): Rung {
  // Late, or by the other clock: it has to be shown, and makes no sound.
  const silent = choices?.quiet !== undefined && isQuiet(choices.quiet, minuteOfDay(Date.now(), "local"));
  const notices = pushedNotifications(news, choices?.show ?? "nothing", now).map((told) => ({
    title: told.title,
    options: {
      tag: told.tag,
      data: {
        ...{ account: news.account, chat: told.chat },
        ...("key" in told && { key: told.key, position: told.position }),
      },
      ...("key" in told && { actions: [readAction()] }),
      ...(told.body !== undefined && { body: told.body }),
      // What comes later takes the place of what stands there, and is heard as well.
      ...(silent ? { silent } : { renotify: true as const }),
    },
  }));
  return {
    // What could not be asked for may be anything.
    show: notices.length === 0 && !news.isWhole ? [perhaps()] : notices,
    over: news.chats.flatMap(({ jid, unread, relation }) => (unread === 0 && relation !== "request" ? jid : [])),
    otherwise: perhaps(),
  };
}

function perhaps(): Notice {
  return { title: text("app--name"), options: { tag: ONE_TAG, renotify: true, body: text("notify--perhaps") } };
}

const subscribeAnew: PushReader["subscribeAnew"] = async (pushManager, choices) => {
  const known = await lastAccount();
  if (known?.signedIn !== true) return;
  const remote = originRemote.as(known.browser);
  const quiet = choices?.quiet && inUtc(choices.quiet);
  await subscribe(pushManager, (call, about) => remote.call(call, about), location.origin, quiet);
};

const markReadHere: PushReader["markRead"] = async (notified) => {
  if (isReadUpTo(notified)) await leadBriefly(navigator.locks, () => markRead(notified, originRemote));
};

(globalThis as { alcovePushReader?: PushReader }).alcovePushReader = { read, markRead: markReadHere, subscribeAnew };
