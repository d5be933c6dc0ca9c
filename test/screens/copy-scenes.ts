/** The sealed copy in every state: begun, kept, offered to a new browser, read in, and what goes wrong with it. */
import type { CopyGeneration } from "../../worker/contract/copy.ts";
import type { DeviceId } from "../../worker/contract/names.ts";
import type { CopyNews, CopyView } from "../../web/engine/protocol/copy.ts";
import type { NoticeView } from "../../web/engine/protocol/account.ts";
import { at, BOB } from "./people.ts";
import { dialog, home, open, type Scene } from "./scene.ts";

const MEGABYTE = 1_024 * 1_024;
const KEPT = {
  ...{ generation: "5e".repeat(16) as CopyGeneration, name: "Firefox on Linux", byThis: false },
  ...{ since: at(9, "09:12"), length: 2.4 * MEGABYTE },
};
const NONE: CopyView = { kind: "sealed-copy", key: "sealed-copy", here: "none", most: 50 * MEGABYTE, done: 0, of: 0 };
const THERE: CopyView = { ...NONE, kept: KEPT };
const OURS: CopyView = {
  ...NONE,
  here: "keeps",
  kept: { ...KEPT, byThis: true },
  writtenAt: at(0, "14:18"),
  texts: 4_812,
};
const READING: CopyView = { ...OURS, here: "reading", kept: KEPT, done: 7, of: 18 };
const OUTCOME = { filled: 4_812, known: 12, elsewhere: 31, bad: 1, lost: 2, upTo: at(1, "22:40") };

const shown = (copy: CopyView, press: readonly string[] = [], more: Partial<Scene> = {}): Scene =>
  home({ notices: [copy] }, { act: dialog({ kind: "sealed-copy" }), ...(press.length > 0 && { press }), ...more });
const line = (copy: CopyView, ...others: readonly NoticeView[]): Scene =>
  home({ notices: [...others, copy] }, { act: open(BOB) });
const told = (news: CopyNews, copy: CopyView = OURS): Scene => line({ ...copy, news });

const refused = (detail: string): Partial<Scene> => ({ copy: { ok: false, error: { kind: "copy", detail } } });
const WORDS = "babab babab babab babab babab babab babab babab";
/** What checks sixteen zeros. */
const CHECKED = `${WORDS} gital`;
const JOINING: NoticeView = {
  ...({ kind: "joining", key: "joining" } as const),
  by: [{ device: 4 as DeviceId, name: "Firefox on Linux", state: "away" }],
};

export const COPY_SCENES: Readonly<Record<string, Scene>> = {
  "copy-why": shown(NONE),
  "copy-key": shown(NONE, ["Continue"]),
  "copy-confirm": shown(NONE, ["Continue", "I have kept it"]),
  "copy-confirm-wrong": shown(NONE, ["Continue", "I have kept it", "Switch on"]),
  "copy-unknown": home({}, { act: dialog({ kind: "sealed-copy" }) }),
  "copy-kept": shown(OURS),
  "copy-kept-full": shown({ ...OURS, trouble: "full" }),
  "copy-kept-ending": shown({ ...OURS, kept: { ...KEPT, ending: { byThis: false, at: at(-6, "11:00") } } }),
  "copy-reading": shown(READING),
  "copy-read": shown({ ...OURS, kept: KEPT, outcome: OUTCOME }),
  "copy-end": shown(OURS, ["Delete it…"]),
  "copy-open": shown({ ...THERE, kept: { ...KEPT, passkey: "1.AAAA.AAAA.AAAA" } }),
  "copy-open-few": shown(THERE, ["Restore"], { typed: [["Recovery key: nine words", WORDS]] }),
  "copy-open-mistyped": shown(THERE, ["Restore"], { typed: [["Recovery key: nine words", `${WORDS} zuzuz`]] }),
  "copy-open-other-key": shown(THERE, ["Restore"], {
    ...refused("key"),
    typed: [["Recovery key: nine words", CHECKED]],
  }),
  "copy-open-forged": shown(THERE, ["Restore"], {
    ...refused("forged"),
    typed: [["Recovery key: nine words", CHECKED]],
  }),
  "copy-end-without": shown(THERE, ["I do not have the key: delete the copy"]),
  "copy-line-began": told("began", THERE),
  "copy-line-offer": told("offer", THERE),
  "copy-line-ending": told("ending", {
    ...OURS,
    kept: { ...KEPT, ending: { name: "Chrome on Windows", byThis: false, at: at(-6, "11:00") } },
  }),
  "copy-line-ended": told("ended", { ...NONE, here: "left", ended: { name: "Chrome on Mac", at: at(0, "12:00") } }),
  "copy-line-outcome": told("outcome", { ...OURS, kept: KEPT, outcome: OUTCOME }),
  "copy-line-reading": line(READING),
  "copy-line-full": told("full"),
  "copy-line-older": told("older"),
  "copy-line-forged": told("forged"),
  "copy-line-disk": told("disk", READING),
  "joining-with-copy": line(THERE, JOINING),
};
