/**
 * A new browser of an account that has browsers waits until one of them allows it. That one says so by an encrypted message,
 * so that neither a server nor the object can say it in its place.
 */
import type { DeviceId } from "../../../worker/contract/names.ts";
import type { BrowserInfo } from "../../../worker/contract/state.ts";
import type { Self } from "./sessions.ts";
import type { Unit } from "../store/unit.ts";

const AWAITING = "awaiting";

/**
 * Which of the account's browsers can allow this one: those that came before it and have a listed device. For a browser that
 * has lost its former device, which the object still names, all others count as earlier.
 */
export function admittersOf(
  { browser, device }: Pick<Self, "browser" | "device">,
  browsers: readonly BrowserInfo[],
  listed: readonly DeviceId[],
): readonly DeviceId[] {
  const here = browsers.find(({ id }) => id === browser);
  const anew = here?.device !== undefined && here.device !== device;
  return browsers.flatMap((other) => {
    const earlier = here === undefined || anew || other.firstSeen <= here.firstSeen;
    const able = other.id !== browser && !other.signedOut && earlier;
    return able && other.device !== undefined && other.device !== device && listed.includes(other.device)
      ? [other.device]
      : [];
  });
}

/** Stores who can allow this browser and makes the notice; only once in the life of a device. */
export async function beginAdmission(unit: Unit, by: readonly DeviceId[]): Promise<void> {
  if ((await unit.meta("admission")) !== undefined) return;
  const joined = (await unit.meta("joined")) !== undefined;
  unit.put("meta", { name: "admission", by: joined ? [] : by });
  if (joined || by.length === 0) return;
  const notice = { kind: AWAITING, key: AWAITING, by: by.map((device) => ({ device })) } as const;
  unit.put("notices", { key: AWAITING, dismissed: false, notice });
}

/** An own device has written to this one, so the person there has allowed it. */
export async function admit(unit: Unit, device: DeviceId): Promise<void> {
  if ((await unit.meta("admission"))?.by.includes(device) !== true) return;
  unit.put("meta", { name: "admission", by: [] });
  unit.delete("notices", AWAITING);
}

/** These devices were taken off the account for good: where no other one is left that could allow this browser, it waits no more. */
export async function admittersGone(unit: Unit, gone: readonly DeviceId[]): Promise<void> {
  const before = (await unit.meta("admission"))?.by ?? [];
  const by = before.filter((device) => !gone.includes(device));
  if (by.length === before.length) return;
  unit.put("meta", { name: "admission", by });
  const row = await unit.get("notices", AWAITING);
  if (by.length === 0) unit.delete("notices", AWAITING);
  else if (row?.notice.kind === AWAITING) {
    const left = row.notice.by.filter(({ device }) => !gone.includes(device));
    unit.put("notices", { ...row, notice: { ...row.notice, by: left } });
  }
}
