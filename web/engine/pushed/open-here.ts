/** The account of this browser, for a service worker that does one thing for it and has no live socket. Runs under the lock (`tabs/briefly.ts`). */
import { type Account, accountOf } from "../account.ts";
import type { Delays } from "../delays.ts";
import type { Remote } from "../object/calls.ts";
import { curvesSupported } from "../omemo/curve.ts";
import { installCurve } from "../omemo/handles.ts";
import { openDevice } from "../session/device.ts";
import { type KnownAccount, lastAccount } from "../store/known-accounts.ts";

const nothingYet = async () => undefined;

/** Undefined where nobody is signed in, or somebody else than is meant. Whoever is given the account closes its store. */
export async function openHere(
  isMeant: (known: KnownAccount) => boolean,
  remote: Remote,
  delays: Delays,
): Promise<Account | undefined> {
  const known = await lastAccount();
  if (known?.signedIn !== true || known.erasing === true || !isMeant(known)) return undefined;
  if ((await curvesSupported()).kind !== "unsupported") installCurve();
  const { account, browser } = known;
  const opened = await openDevice({ account, browser, newKeys: undefined }, nothingYet);
  return opened && accountOf(opened.self, opened.store, remote.as(browser), delays);
}
