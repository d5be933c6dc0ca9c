/** A message to a room of 50 members with three devices each: the first, which starts every session, and the next ones. */
import type { BareJid, DeviceId, OmemoBundle } from "../../../worker/contract.ts";
import { checkBundle } from "../../../web/engine/omemo/bundle.ts";
import {
  bundleOf,
  createIdentity,
  createPreKeys,
  createSignedPreKey,
  PRE_KEYS,
} from "../../../web/engine/omemo/identity.ts";
import { openSessions, sealMessage } from "../../../web/engine/omemo/send.ts";
import type { DeviceAddress } from "../../../web/engine/omemo/sessions.ts";
import { Writer } from "./writer.ts";

const MEMBERS = 50;
const DEVICES_EACH = 3;

export type FanOutTimes = { readonly first: number; readonly next: readonly number[] };
type Published = { readonly device: DeviceAddress; readonly bundle: OmemoBundle };

/** Bundles as they come from the network are decoded and checked within the time; stored before it ends. */
export async function measureFanOut(nextRounds: number): Promise<FanOutTimes> {
  const writer = await Writer.make("alice@bench.example" as BareJid, 9_999, 1);
  const published = await publishedDevices();
  const devices = published.map(({ device }) => device);
  let start = performance.now();
  await writer.work(async (unit) => {
    const offers = await Promise.all(
      published.map(async ({ device, bundle }) => {
        const checked = await checkBundle(bundle);
        if (checked === undefined) throw new TypeError("a bundle of our own making");
        return { device, bundle: checked };
      }),
    );
    await openSessions(unit, writer.self, offers, Date.now());
    const { keys } = await sealMessage(unit, writer.self, devices, "to everybody");
    if (keys.length !== MEMBERS * DEVICES_EACH) throw new Error(`${keys.length} keys`);
  });
  const first = performance.now() - start;
  const next: number[] = [];
  for (let round = 0; round < nextRounds; round++) {
    start = performance.now();
    await writer.work((unit) => sealMessage(unit, writer.self, devices, `once more, ${round}`));
    next.push(performance.now() - start);
  }
  await writer.close();
  return { first, next };
}

async function publishedDevices(): Promise<readonly Published[]> {
  // Every bundle has a hundred pre-keys, as they do; whose they are does not matter to the one who picks one.
  const preKeys = await createPreKeys(1, PRE_KEYS);
  return Promise.all(
    Array.from({ length: MEMBERS * DEVICES_EACH }, async (_, at) => {
      const identity = await createIdentity();
      const signed = await createSignedPreKey(identity, 1);
      const jid = `member-${Math.floor(at / DEVICES_EACH)}@bench.example` as BareJid;
      return { device: { jid, device: (at + 1) as DeviceId }, bundle: bundleOf(identity, signed, preKeys) };
    }),
  );
}
