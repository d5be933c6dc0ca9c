/** What the person should see once, and what is missing. */
import type { DeviceId } from "../../../worker/contract/names.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import type { Account } from "../account.ts";
import { browserNames } from "./browser-names.ts";
import { shownName } from "../../words/names.ts";
import type { NoticeView } from "../protocol/account.ts";
import type { GapView } from "../protocol/conversations.ts";
import type { Notice } from "../store/people-rows.ts";

/** What wants an answer stands above what only wants to be read: it decides who can read. */
const isQuestion = ({ kind }: NoticeView) => kind === "new-device" || kind === "awaiting";

/** What was not dismissed, in the order in which it is shown. */
export function noticesOf({ cache, live }: Pick<Account, "cache" | "live">): readonly NoticeView[] {
  // The object may tell the name of a browser a moment after its device.
  const names = browserNames(live.browsers);
  const nameOf = (of: DeviceId) => {
    const browser = live.browsers.find(({ device }) => device === of);
    return browser && names.get(browser.id);
  };
  const views = [...cache.notices.values()].flatMap(({ notice, dismissed }) =>
    dismissed ? [] : [viewOf(notice, nameOf)],
  );
  const copy = live.copyView === undefined ? [] : [live.copyView];
  return [...live.lettingIn, ...copy, ...views.filter(isQuestion), ...views.filter((view) => !isQuestion(view))];
}

export function gapsOf({ cache }: Pick<Account, "cache">): readonly GapView[] {
  return [...cache.gaps.values()].map((row) => {
    const { gap, position, at, chat, state, why } = row;
    return { gap, position, at, chat, state, why };
  });
}

function viewOf(notice: Notice, nameOf: (device: DeviceId) => string | undefined): NoticeView {
  switch (notice.kind) {
    case "new-device":
      return { ...notice, name: nameOf(notice.device) ?? (notice.name && shownName(notice.name, "-")) };
    case "awaiting":
      return { ...notice, by: notice.by.map((one) => ({ ...one, name: nameOf(one.device) })) };
    case "differs":
    case "handover":
      return { ...notice, name: nameOf(notice.device) };
    case "more-devices":
    case "devices-gone":
      return { kind: notice.kind, key: notice.key, devices: notice.which.length };
    case "own-devices":
    case "no-archive":
    case "storage-not-kept":
    case "returned":
    case "renewed":
    case "retold":
      return notice;
    default:
      return missingCase(notice);
  }
}
