/** Entry of the worker of files: it is begun with the first one and ended when nobody has asked for a while. */
import { FileWorking } from "./media/working.ts";
import type { FileReply, FileRequest } from "./protocol/files.ts";

/** The part of a dedicated worker's global scope used here; the DOM types describe the page's. */
type WorkerScope = {
  postMessage(reply: FileReply): void;
  addEventListener(type: "message", listener: (event: MessageEvent<FileRequest>) => void): void;
};

const scope = globalThis as unknown as WorkerScope;
const working = new FileWorking((reply) => scope.postMessage(reply));
scope.addEventListener("message", ({ data }) => working.ask(data));
