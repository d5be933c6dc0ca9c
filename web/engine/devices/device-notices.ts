/** The rows behind what the person is told of further devices of the account (`watching.ts`). */
import type { DeviceId } from "../../../worker/contract/names.ts";
import type { Self } from "../omemo/sessions.ts";
import { trustOf } from "../omemo/trust-pins.ts";
import type { Notice, NoticeRow } from "../store/people-rows.ts";
import type { Unit } from "../store/unit.ts";
import { planWatch } from "./watching.ts";

const newDeviceKey = (device: DeviceId) => `new-device:${device}`;

type Counted = Extract<Notice, { readonly which: readonly DeviceId[] }>;

/** Our own list is another one: what is asked, waits to be asked, or has gone is written down. */
export async function tellOfDevices(
  unit: Unit,
  self: Pick<Self, "jid" | "device">,
  listed: readonly DeviceId[],
): Promise<void> {
  const own = await unit.meta("ownDevices");
  if (own === undefined) return;
  const notices = await unit.all("notices");
  const pins = new Map((await unit.all("pins")).flatMap((pin) => (pin.jid === self.jid ? [[pin.device, pin]] : [])));
  const about = (dismissed: boolean) =>
    notices.flatMap((row) =>
      row.notice.kind === "new-device" && row.dismissed === dismissed ? row.notice.device : [],
    );
  const plan = planWatch({
    listed: listed.filter((device) => device !== self.device),
    own,
    asked: about(false),
    answered: about(true),
    waiting: await countedIn(unit, "more-devices"),
    gone: await countedIn(unit, "devices-gone"),
    isDecided: (device) => {
      const pin = pins.get(device);
      return pin !== undefined && trustOf(pin) !== "undecided";
    },
  });
  if (JSON.stringify(plan.own) !== JSON.stringify(own)) unit.put("meta", plan.own);
  for (const device of plan.withdraw) unit.delete("notices", newDeviceKey(device));
  for (const device of plan.ask) {
    const key = newDeviceKey(device);
    unit.put("notices", { key, dismissed: false, notice: { kind: "new-device", key, device } });
  }
  await count(unit, "more-devices", plan.waiting);
  await count(unit, "devices-gone", plan.gone);
}

/** The person has decided about an own device, asked or not. */
export async function noteAnswered(unit: Unit, device: DeviceId): Promise<void> {
  unit.delete("notices", newDeviceKey(device));
  const own = await unit.meta("ownDevices");
  if (own === undefined || own.known.includes(device)) return;
  unit.put("meta", { ...own, first: own.first ?? own.known, known: [...own.known, device] });
}

async function countedIn(unit: Unit, kind: Counted["kind"]): Promise<readonly DeviceId[]> {
  const row = await unit.get("notices", kind);
  return row === undefined || isCleared(row) ? [] : whichOf(row);
}

/** The person has read how many have gone: from then on others are counted. */
function isCleared({ notice, dismissed }: NoticeRow): boolean {
  return dismissed && notice.kind === "devices-gone";
}

/** One line for all of them; it comes back after it was dismissed where further ones came. */
async function count(unit: Unit, kind: Counted["kind"], which: readonly DeviceId[]): Promise<void> {
  const row = await unit.get("notices", kind);
  const before = row === undefined || isCleared(row) ? [] : whichOf(row);
  if (which.length === before.length && which.every((device) => before.includes(device))) return;
  if (which.length === 0) unit.delete("notices", kind);
  else {
    const dismissed = row?.dismissed === true && which.every((device) => before.includes(device));
    unit.put("notices", { key: kind, dismissed, notice: { kind, key: kind, which } });
  }
}

function whichOf({ notice }: NoticeRow): readonly DeviceId[] {
  return notice.kind === "more-devices" || notice.kind === "devices-gone" ? notice.which : [];
}
