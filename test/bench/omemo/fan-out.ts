/**
 * A message into a room of 50 members with three devices each, through the real engine and a real store; only the network
 * is scripted. The first asks who belongs to it, for every list and every bundle, and starts every session.
 */
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import type { OmemoBundle } from "../../../worker/contract/omemo.ts";
import { AlcoveEngine } from "../../../web/engine/engine.ts";
import { bundleOf, createIdentity, createPreKeys, createSignedPreKey } from "../../../web/engine/omemo/identity.ts";
import { PRE_KEYS } from "../../../web/engine/omemo/used-pre-keys.ts";
import { newClientId } from "../../../web/engine/protocol/engine.ts";
import { ScriptedNetwork } from "../../../web/engine/testing/scripted-network.ts";
import { ScriptedRoom } from "../../../web/engine/testing/scripted-room.ts";

const ALICE = "alice@bench.example" as BareJid;
const ROOM = "everybody@conference.bench.example" as BareJid;
const MEMBERS = 50;
const DEVICES_EACH = 3;
const LOOK_EVERY_MS = 1;

export type FanOutTimes = { readonly first: number; readonly next: readonly number[] };

/** From the press of the key to the finished bytes at the object, in milliseconds. */
export async function measureFanOut(nextRounds: number): Promise<FanOutTimes> {
  const network = new ScriptedNetwork();
  const room = new ScriptedRoom(network, ROOM);
  room.members.set(ALICE, "owner");
  await publishDevices(network, room);
  const { remote, openLive } = network.browser("bench");
  const engine = new AlcoveEngine({ remote, openLive, userAgent: "bench", emit: () => undefined });
  const answer = await engine.signIn({ address: ALICE, password: "unasked", plain: false });
  if (!answer.ok) throw new Error(answer.error.kind);
  await until(() => engine.snapshot().connection.encryption === "ready");
  // Not opened: a room on screen would have asked for the lists before the key is pressed.
  room.join(ALICE, "alice");
  await until(() => engine.snapshot().chats.find(({ jid }) => jid === ROOM)?.room?.state === "joined");
  const { sends } = remote.object;
  const send = async (text: string): Promise<number> => {
    const before = sends.length;
    const start = performance.now();
    await engine.send({ client: newClientId(), chat: ROOM, text });
    await until(() => sends.length > before);
    const taken = performance.now() - start;
    const content = sends.at(-1)?.content;
    const keys = content?.kind === "omemo" ? content.omemo.keys.length : 0;
    if (keys !== MEMBERS * DEVICES_EACH) throw new Error(`${keys} keys`);
    return taken;
  };
  const first = await send("to everybody");
  const next: number[] = [];
  for (let round = 0; round < nextRounds; round++) next.push(await send(`once more, ${round}`));
  await engine.signOut({ erase: true });
  return { first, next };
}

async function publishDevices(network: ScriptedNetwork, room: ScriptedRoom): Promise<void> {
  // Every bundle has a hundred pre-keys, as they do; whose they are does not matter to the one who picks one.
  const preKeys = await createPreKeys(1, PRE_KEYS);
  for (let member = 0; member < MEMBERS; member++) {
    const jid = `member-${member}@bench.example` as BareJid;
    const object = network.object(jid);
    room.members.set(jid, "member");
    const bundles = await Promise.all(Array.from({ length: DEVICES_EACH }, () => newBundle(preKeys)));
    for (const [at, bundle] of bundles.entries()) {
      const device = (member * DEVICES_EACH + at + 1) as DeviceId;
      object.devices.push(device);
      object.bundles.set(device, bundle);
    }
  }
}

async function newBundle(preKeys: Awaited<ReturnType<typeof createPreKeys>>): Promise<OmemoBundle> {
  const identity = await createIdentity();
  return bundleOf(identity, await createSignedPreKey(identity, 1), preKeys);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}
