/** A new browser and an older one that let it in, in every state. */
import type { DeviceId } from "../../worker/contract/names.ts";
import type { JoiningState, JoiningView, LettingInState, LettingInView } from "../../web/engine/protocol/letting-in.ts";
import { at, BOB } from "./people.ts";
import { home, open, type Scene } from "./scene.ts";

const NEWCOMER = 5 as DeviceId;
/** As long as a real one. */
const CARD = `ALCOVE:${"AFK4BMQ7ZC3XT2WN".repeat(9)}`.slice(0, 147);

function lettingIn(state: LettingInState, more: Partial<LettingInView> = {}): LettingInView {
  const shown = { code: "428316", card: CARD, proven: false };
  const about = { name: "Chrome on Android", runsOn: "phone", since: at(0, "14:02") } as const;
  return { kind: "letting-in", key: `letting-in:${NEWCOMER}`, device: NEWCOMER, state, ...shown, ...about, ...more };
}

type By = readonly [name: string, state: JoiningState];

function joining(by: readonly By[]): JoiningView {
  const shown = by.map(([name, state], index) => {
    const code = ["428316", "007215"][index];
    const has = ["code", "asks", "differs"].includes(state) && code !== undefined;
    return { device: (index + 4) as DeviceId, name, state, ...(has && { code }) };
  });
  return { kind: "joining", key: "joining", by: shown, card: CARD };
}

const FIREFOX = "Firefox on Linux";
const SAFARI = "Safari on macOS";

const older = (state: LettingInState, more?: Partial<LettingInView>): Scene =>
  home({ notices: [lettingIn(state, more)] }, { act: open(BOB) });

const newcomer = (...by: readonly By[]): Scene => home({ notices: [joining(by)] }, { act: open(BOB) });

export const LETTING_IN_SCENES: Readonly<Record<string, Scene>> = {
  "let-in": older("code"),
  "let-in-proven": older("code", { proven: true }),
  "let-in-allowed": older("allowed"),
  "let-in-gone": older("gone"),
  "let-in-key-replaced": older("key-replaced"),
  "let-in-differs": older("differs"),
  "let-in-too-many": older("too-many"),
  "let-in-broken": older("broken"),
  "let-in-picture": home(
    { notices: [lettingIn("code")] },
    {
      act: (app) => {
        open(BOB)(app);
        app.dialog.value = { kind: "browser-picture", device: NEWCOMER };
      },
    },
  ),
  "let-in-refused": home(
    {},
    {
      act: (app) => {
        open(BOB)(app);
        app.dialog.value = { kind: "browser-refused", name: "Chrome on Android" };
      },
    },
  ),
  joining: newcomer([FIREFOX, "code"], [SAFARI, "away"]),
  "joining-two": newcomer([FIREFOX, "code"], [SAFARI, "code"]),
  "joining-away": newcomer([FIREFOX, "away"]),
  "joining-agreeing": newcomer([FIREFOX, "agreeing"]),
  "joining-asks": newcomer([FIREFOX, "asks"]),
  "joining-again": home({ notices: [{ ...joining([[FIREFOX, "asks"]]), again: true }] }, { act: open(BOB) }),
  "joining-refused": newcomer([FIREFOX, "refused"]),
  "joining-key-replaced": newcomer([FIREFOX, "key-replaced"]),
  "joining-differs": newcomer([FIREFOX, "differs"]),
  "joining-too-many": newcomer([FIREFOX, "too-many"]),
  "joining-broken": newcomer([FIREFOX, "broken"]),
};
