/** The thread in which a run works: its parent sees in shared memory at which input of which target it is. */
import { parentPort, workerData } from "node:worker_threads";
import { fuzz } from "./run.ts";
import { TARGETS } from "./targets.ts";

/** `place`: the target's number and the input's. */
export type Work = {
  readonly inputs: number;
  readonly seed: number;
  readonly only: string;
  readonly place: Int32Array;
};

const { inputs, seed, only, place } = workerData as Work;
for (const [number, target] of TARGETS.entries()) {
  if (!target.name.includes(only)) continue;
  place[0] = number;
  const onInput = (index: number) => {
    place[1] = index;
  };
  const outcome = await fuzz(target, { inputs: Math.ceil(inputs * target.share), seed, onInput });
  parentPort?.postMessage(outcome);
}
