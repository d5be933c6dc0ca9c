/** Runs measures where the engine runs: in a dedicated worker. */
import { missingCase } from "../../../worker/shared/missing-case.ts";
import { installCurve } from "../../../web/engine/omemo/handles.ts";
import { measureArchive } from "./archive.ts";
import { measureCurves } from "./curves.ts";
import { measureFanOut } from "./fan-out.ts";
import type { FromWorker, JobRequest } from "./jobs.ts";
import { measureReplay } from "./replay.ts";

/** The part of a dedicated worker's global scope used here; the DOM types describe the page's. */
type WorkerScope = {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: MessageEvent<JobRequest>) => void): void;
};

const scope = globalThis as unknown as WorkerScope;
const tell = (message: FromWorker) => scope.postMessage(message);

function run(request: JobRequest): Promise<unknown> {
  switch (request.name) {
    case "curves":
      return measureCurves(request.args.rounds, request.args.warmUp);
    case "replay":
      return measureReplay(request.args.turns);
    case "archive":
      // Events go to the page as the real engine's do, with everything in them.
      return measureArchive((event) => scope.postMessage({ type: "event", event }));
    case "fanOut":
      return measureFanOut(request.args.nextRounds);
    default:
      return missingCase(request);
  }
}

installCurve();
scope.addEventListener("message", ({ data }) => {
  run(data).then(
    (result) => tell({ type: "done", result }),
    (error: unknown) => tell({ type: "failed", why: error instanceof Error ? (error.stack ?? error.message) : "?" }),
  );
});
