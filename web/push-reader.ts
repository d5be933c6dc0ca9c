/**
 * What the service worker calls when it was rung: reads the push as the engine would and says what is to be shown. A script of its own,
 * which is run only then (`service-worker.ts`); all that is privileged about it is that it can open this browser's keys.
 */
import type { BareJid } from "../worker/contract/names.ts";
import { report } from "../worker/shared/report.ts";
import { originRemote } from "./engine/object/calls.ts";
import { isPushMessage, readPushed, type PushedNews } from "./engine/pushed/read-pushed.ts";
import { leadBriefly } from "./engine/tabs/briefly.ts";
import { text } from "./i18n/aside.ts";
import { speak, type Spoken } from "./i18n/text.ts";
import { accountNow } from "./model/clock.ts";
import { ONE_TAG, pushedNotifications, type Showing } from "./model/notifications.ts";

/** What the page has left for it (`ui/page/ringing.ts`): how much may be shown, and in which words. */
export type RingChoices = { readonly show: Showing; readonly spoken: Spoken };

/** A notification, and conversations whose notifications are over: their messages were read. */
type Rung = {
  readonly show: readonly {
    readonly title: string;
    readonly options: { readonly tag: string; readonly body?: string; readonly data?: object };
  }[];
  readonly over: readonly BareJid[];
};

/** What it hands to the service worker; in its own scope a script has no other way. */
export type ReadPush = (said: unknown, choices: RingChoices | undefined) => Promise<Rung>;

const read: ReadPush = async (said, choices) => {
  if (choices !== undefined) speak(choices.spoken);
  const show = choices?.show ?? "nothing";
  const news = isPushMessage(said) ? await newsOf(said) : undefined;
  if (news === undefined) return perhaps();
  return {
    show: pushedNotifications(news, show, accountNow()).map((told) => ({
      title: told.title,
      options: {
        tag: told.tag,
        data: { account: news.account, chat: told.chat, ...("key" in told && { key: told.key }) },
        ...(told.body !== undefined && { body: told.body }),
      },
    })),
    over: news.chats.flatMap(({ jid, unread, relation }) => (unread === 0 && relation !== "request" ? jid : [])),
  };
};

/** Whatever went wrong, the person is told that there may be something: nothing is lost, it is read when the page is opened. */
async function newsOf(message: Parameters<typeof readPushed>[0]): Promise<PushedNews | undefined> {
  try {
    return await leadBriefly(navigator.locks, () => readPushed(message, originRemote));
  } catch (error) {
    report("a push could not be read", error);
    return undefined;
  }
}

function perhaps(): Rung {
  return { show: [{ title: text("app--name"), options: { tag: ONE_TAG, body: text("notify--perhaps") } }], over: [] };
}

(globalThis as { alcoveReadPush?: ReadPush }).alcoveReadPush = read;
