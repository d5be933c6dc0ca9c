/** The page of the OMEMO bench: starts the worker, passes it jobs, and watches its own thread. */
import type { FromWorker, JobRequest } from "./jobs.ts";

type Measured = { readonly result: unknown; readonly longestTaskMs: number; readonly events: number };

let longestTaskMs = 0;
// Tasks of 50 ms and more are "long tasks"; shorter ones are not told.
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration);
}).observe({ type: "longtask" });

const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });

function measure(request: JobRequest): Promise<Measured> {
  longestTaskMs = 0;
  let events = 0;
  return new Promise((resolve, reject) => {
    const listen = ({ data }: MessageEvent<FromWorker>) => {
      if (data.type === "event") {
        events += 1;
        return;
      }
      worker.removeEventListener("message", listen);
      if (data.type === "failed") reject(new Error(data.why));
      // What the last task took is told after it.
      else setTimeout(() => resolve({ result: data.result, longestTaskMs, events }), 100);
    };
    worker.addEventListener("message", listen);
    worker.postMessage(request);
  });
}

Object.assign(globalThis, { measure });
document.documentElement.dataset["ready"] = "yes";
