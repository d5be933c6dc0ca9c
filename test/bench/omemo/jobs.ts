/** What the page asks the worker to measure. */
import type { CurveTimes } from "./curves.ts";
import type { FanOutTimes } from "./fan-out.ts";

type Jobs = {
  readonly curves: { readonly rounds: number; readonly warmUp: number };
  readonly replay: { readonly turns: number };
  readonly archive: Record<string, never>;
  readonly fanOut: { readonly nextRounds: number };
};

export type Results = {
  readonly curves: CurveTimes;
  readonly replay: number;
  readonly archive: number;
  readonly fanOut: FanOutTimes;
};

export type JobName = keyof Jobs;
export type JobRequest = { readonly [N in JobName]: { readonly name: N; readonly args: Jobs[N] } }[JobName];

/** What the worker sends: events of its engine on the way, a result or an error at the end. */
export type FromWorker =
  | { readonly type: "event" }
  | { readonly type: "done"; readonly result: unknown }
  | { readonly type: "failed"; readonly why: string };
