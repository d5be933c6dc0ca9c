/** Entry of the worker that writes out what can be read here: it is begun for one file, and ended with it. */
import { drop } from "../../worker/shared/drop.ts";
import { Exporting } from "./exporting/exporting.ts";
import type { ExportReply, ExportRequest } from "./protocol/exporting.ts";

/** The part of a dedicated worker's global scope used here; the DOM types describe the page's. */
type WorkerScope = {
  postMessage(reply: ExportReply): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ExportRequest>) => void): void;
};

const scope = globalThis as unknown as WorkerScope;
const exporting = new Exporting((reply) => scope.postMessage(reply));
scope.addEventListener("message", ({ data }) => drop(exporting.ask(data)));
