/** The running server, as its operator reaches it: by a socket in the data folder. */
import { request } from "node:http";
import type { Status } from "./front/settings.ts";

const ANSWER_MS = 2_000;
const WORKER_MS = 60_000;
/** Longer than the server waits for what it still has to answer. */
const DRAIN_MS = 10_000;

/** Undefined where no server runs on that folder. */
export function askStatus(socket: string): Promise<Status | undefined> {
  return ask(socket, "GET", "/status", ANSWER_MS);
}

/** It takes nothing new and answers what it has begun. @returns whether it has. */
export async function drain(socket: string): Promise<boolean> {
  return (await ask(socket, "POST", "/drain", DRAIN_MS)) !== undefined;
}

/** A request to the Worker past the front's door. @returns whether it was carried out */
export function askWorker(
  socket: string,
  path: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(WORKER_MS);
    const asked = request({ socketPath: socket, method: "POST", path, headers, signal }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode === 200));
      answer.on("error", () => resolve(false));
    });
    asked.on("error", () => resolve(false));
    asked.end(body);
  });
}

function ask(socket: string, method: string, path: string, withinMs: number): Promise<Status | undefined> {
  return new Promise((resolve) => {
    const asked = request({ socketPath: socket, method, path, signal: AbortSignal.timeout(withinMs) }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (piece: string) => {
        text += piece;
      });
      answer.on("end", () => resolve(answer.statusCode === 200 ? (JSON.parse(text) as Status) : undefined));
      answer.on("error", () => resolve(undefined));
    });
    // Nobody listens there, or what listens does not answer.
    asked.on("error", () => resolve(undefined));
    asked.end();
  });
}
