/** A session in which everybody answers everybody: each message is a turn of the ratchet, sealed, opened and stored. */
import type { BareJid } from "../../../worker/contract/names.ts";
import { receive } from "../../../web/engine/omemo/receive.ts";
import { sealMessage } from "../../../web/engine/omemo/send.ts";
import { Writer } from "./writer.ts";

/** Messages in one transaction, as the engine reads its log. */
const BATCH = 50;

/** Milliseconds for `turns` messages in turns, both sides and their databases together. */
export async function measureReplay(turns: number): Promise<number> {
  const alice = await Writer.make("alice@bench.example" as BareJid, 1, 1);
  const bob = await Writer.make("bob@bench.example" as BareJid, 2, 1);
  await alice.meet(bob.self, bob.bundle);
  const [first] = await alice.write(bob.self, ["hello"]);
  if (first === undefined) throw new RangeError("one message");
  await bob.read(alice.self.jid, first);
  const start = performance.now();
  for (let done = 0; done < turns; done += BATCH) {
    await alice.work((atAlice) =>
      bob.work(async (atBob) => {
        for (let at = 0; at < BATCH; at++) {
          const bobWrites = at % 2 === 0;
          const [from, to] = bobWrites ? [bob, alice] : [alice, bob];
          const [unit, other] = bobWrites ? [atBob, atAlice] : [atAlice, atBob];
          const message = await sealMessage(unit, from.self, [to.self], `turn ${done + at}`);
          const received = await receive(other, to.self, from.self.jid, message, Date.now());
          if (received.kind !== "text") throw new Error(`turn ${done + at}: ${received.kind}`);
        }
      }),
    );
  }
  const taken = performance.now() - start;
  await alice.close();
  await bob.close();
  return taken;
}
