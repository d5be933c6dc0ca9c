/**
 * For unit tests of what dials: the platform's `cloudflare:sockets` over a script of hosts. Import it before the module that
 * is tested, and that one by `await import`.
 */
import { registerHooks } from "node:module";

export type Host =
  /** Nothing listens, or TLS from the first byte does not come to be. */
  | "refused"
  /** Takes the connection and says nothing. */
  | "silent"
  /** Says this to whoever speaks, for each time. After the last of them TLS is tried, and does not come to be. */
  | readonly string[];

type Connect = (address: { readonly hostname: string; readonly port: number }) => unknown;

declare global {
  var scriptedConnect: Connect | undefined;
}

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "cloudflare:sockets"
      ? {
          url: "data:text/javascript,export const connect = (address) => globalThis.scriptedConnect(address);",
          shortCircuit: true,
        }
      : next(specifier, context),
});

/** Hosts by `name:port`; those that are missing refuse. The value lists what was dialled. */
export function scriptHosts(hosts: Readonly<Record<string, Host>>): readonly string[] {
  const dialled: string[] = [];
  globalThis.scriptedConnect = ({ hostname, port }) => {
    dialled.push(`${hostname}:${port}`);
    return socketTo(hosts[`${hostname}:${port}`] ?? "refused");
  };
  return dialled;
}

function socketTo(host: Host): unknown {
  if (host === "refused") return { ...broken(), startTls: broken };
  const answers = typeof host === "string" ? [] : [...host];
  let tell: ReadableStreamDefaultController<Uint8Array> | undefined;
  const readable = new ReadableStream<Uint8Array>({
    start: (controller) => {
      tell = controller;
    },
  });
  const writable = new WritableStream<Uint8Array>({
    write: () => {
      const answer = answers.shift();
      if (answer !== undefined) tell?.enqueue(new TextEncoder().encode(answer));
    },
  });
  return {
    opened: Promise.resolve({}),
    closed: new Promise(() => undefined),
    readable,
    writable,
    close: closed,
    startTls: broken,
  };
}

function broken(): object {
  const opened = Promise.reject(new Error("internal error"));
  // Whoever waits for it hears it; nobody else has to.
  opened.catch(closed);
  return { opened, closed: Promise.resolve(), close: closed };
}

async function closed(): Promise<void> {
  // A scripted socket has nothing to close.
}
