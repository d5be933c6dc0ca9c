/** One browser hands its texts to another one, in every state on both screens. */
import type { DeviceId } from "../../worker/contract/names.ts";
import type { Handover, HandoverState } from "../../web/engine/protocol/account.ts";
import { at, BOB, message } from "./people.ts";
import { dialog, home, MESSAGES, open, type Scene } from "./scene.ts";

const STATES: readonly HandoverState[] = [
  "waiting",
  "going",
  "paused",
  "paused-there",
  "away",
  "full",
  "left",
  "cancelled",
  "cancelled-there",
  "finished",
  "nothing",
];

function scene(role: Handover["role"], state: HandoverState): Scene {
  const device = 4 as DeviceId;
  const name = role === "taking" ? "Chrome on Mac" : "Firefox on Linux";
  const far =
    state === "waiting" || state === "nothing" ? { done: 0, of: 0, gaps: 0 } : { done: 1_240, of: 4_812, gaps: 3 };
  const notice = { kind: "handover", key: `handover:${role}:4`, role, device, state, name, ...far } as const;
  return home({ notices: [notice] }, { act: open(BOB) });
}

const HANDED = message(BOB, at(0, "14:20"), "The key is under the blue pot", { handedBy: "Chrome on Mac" });
const ASKING = message(BOB, at(0, "14:21"), "", { body: { kind: "reason", reason: "not-for-us" }, asking: true });

export const HANDOVER_SCENES: Readonly<Record<string, Scene>> = {
  ...Object.fromEntries(STATES.map((state) => [`handover-taking-${state}`, scene("taking", state)])),
  ...Object.fromEntries(STATES.map((state) => [`handover-giving-${state}`, scene("giving", state)])),
  "handover-asking": home({}, { act: open(BOB), messages: { ...MESSAGES, [BOB]: [HANDED, ASKING] } }),
  "handover-info": home({}, { act: dialog({ kind: "message-info", item: HANDED }) }),
  import: home({}, { act: dialog({ kind: "import" }) }),
};
