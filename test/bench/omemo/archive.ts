/** A thousand archived messages through the real engine: its log, its ratchets, its store. Only the network is scripted. */
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { AlcoveEngine } from "../../../web/engine/engine.ts";
import type { EngineEvent } from "../../../web/engine/protocol/engine.ts";
import { ScriptedNetwork } from "../../../web/engine/testing/scripted-network.ts";
import { Writer } from "./writer.ts";

const ALICE = "alice@bench.example" as BareJid;
const MESSAGES = 1_000;
const SENDERS = 20;
const DEVICES_EACH = 2;
const SENDER_PRE_KEYS = 1;
const LOOK_EVERY_MS = 2;

/** Milliseconds from the moment the object can be reached until everything is decrypted, stored and acknowledged. */
export async function measureArchive(emit: (event: EngineEvent) => void): Promise<number> {
  const network = new ScriptedNetwork();
  const { remote, openLive } = network.browser("bench");
  const engine = new AlcoveEngine({ remote, openLive, userAgent: "bench", emit });
  const answer = await engine.signIn({ address: ALICE, password: "unasked", plain: false });
  if (!answer.ok) throw new Error(answer.error.kind);
  await until(() => engine.snapshot().connection.encryption === "ready");
  const { object } = remote;
  remote.cut();
  const device = object.devices[0] as DeviceId;
  const bundle = object.bundles.get(device);
  if (bundle === undefined) throw new Error("the device is not published");
  const writers: Writer[] = [];
  for (let at = 0; at < SENDERS; at++) {
    const jid = `contact-${Math.floor(at / DEVICES_EACH)}@bench.example` as BareJid;
    writers.push(await Writer.make(jid, at + 1, SENDER_PRE_KEYS));
  }
  // Whose keys are nowhere to be read is not believed (S6).
  for (const { self, bundle: published } of writers)
    network.object(self.jid).publish(self.browser, self.device, published);
  const texts = Array.from({ length: MESSAGES / SENDERS }, (_, at) => `message ${at}, as long as messages often are`);
  const written = await Promise.all(
    writers.map(async (writer) => {
      await writer.meet({ jid: ALICE, device }, bundle);
      return { jid: writer.self.jid, messages: await writer.write({ jid: ALICE, device }, texts) };
    }),
  );
  // As conversations go: each device some messages at a time, everybody all the time.
  for (const [at] of texts.entries()) {
    for (const { jid, messages } of written) {
      const omemo = messages[at];
      if (omemo === undefined) throw new RangeError("as many as texts");
      const archive = { by: ALICE, id: crypto.randomUUID() };
      object.deliver({ chat: jid, sender: jid, archive, content: { kind: "omemo", omemo } });
    }
  }
  const head = object.log.length;
  const start = performance.now();
  remote.mend();
  await until(() => [...object.acknowledged.values()].some((seq) => seq >= head));
  const taken = performance.now() - start;
  await checkAllRead(engine, written, texts.length);
  await Promise.all([...writers.map((writer) => writer.close()), engine.signOut({ erase: true })]);
  return taken;
}

async function checkAllRead(
  engine: AlcoveEngine,
  written: readonly { readonly jid: BareJid }[],
  each: number,
): Promise<void> {
  for (const chat of new Set(written.map(({ jid }) => jid))) {
    let read = 0;
    let page = await engine.timeline({ chat });
    for (;;) {
      read += page.items.filter(({ body }) => body.kind === "text").length;
      const before = page.items[0]?.position;
      if (!page.more || before === undefined) break;
      page = await engine.timeline({ chat, before });
    }
    if (read !== each * DEVICES_EACH) throw new Error(`${read} of ${each * DEVICES_EACH} from ${chat} were read`);
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}
