/**
 * The page's end of the engine.
 *
 * @example
 * const engine = connectEngine(new Worker(url, { type: "module" }));
 * const stop = engine.onEvent(apply);
 * apply({ type: "reset", snapshot: await engine.attach({ visible: true }) });
 */
import { drop } from "../../../worker/shared/drop.ts";
import { type CallArguments, type CallName, type CallValue, type Reply, Requests } from "./messages.ts";
import type { ConnectedEngine, EngineEvent } from "../protocol/engine.ts";
import { pressed } from "./pressed.ts";

const INTERNAL = { ok: false, error: { kind: "internal" } } as const;

/** The calls whose answer can be a failure. */
type ResultCall = { [Name in CallName]: typeof INTERNAL extends CallValue<Name> ? Name : never }[CallName];
type Ask<Name extends CallName> = (args: CallArguments<Name>) => Promise<CallValue<Name>>;

const PLAIN = [
  ...(["visible", "timeline", "open", "draft", "retry", "discard", "read", "typing", "notifies", "keptAway"] as const),
  ...(["sharedRooms", "members", "expose", "writeToKnown", "checkEncryption", "devices", "onlyVerified"] as const),
  ...(["devicesSeen", "dismiss", "reconnect"] as const),
] as const satisfies readonly CallName[];
const ANSWERED = [
  ...(["signOut", "older", "send", "noteFile", "react", "choose", "start", "deleteChat", "forget"] as const),
  ...(["importHistory"] as const),
] as const satisfies readonly ResultCall[];
/** What a button asks for that stays on the screen until the answer is here. */
const PRESSED = [
  ...(["retract", "contact", "room", "invite", "revoke", "resetSession", "decide", "letIn", "verifyLink"] as const),
  ...(["removeDevice", "handover", "copy"] as const),
] as const satisfies readonly ResultCall[];

/** Each of them by its name. */
function each<Name extends CallName>(names: readonly Name[], by: (name: Name) => unknown) {
  return Object.fromEntries(names.map((name) => [name, by(name)])) as { [One in Name]: Ask<One> };
}

/** Speaks with the engine in this worker, or with the one in another tab that the worker follows. */
export function connectEngine(worker: Worker): ConnectedEngine {
  const callbacks = new Set<(event: EngineEvent) => void>();
  const requests = new Requests((request) => worker.postMessage(request));
  worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
    if (data.type !== "event") requests.settle(data);
    else for (const event of [data.event, ...(data.more ?? [])]) for (const callback of callbacks) callback(event);
  });
  const via =
    <Name extends CallName>(name: Name): Ask<Name> =>
    (args) =>
      requests.call(name, args);
  // A bug or a full disk in the engine becomes a failure that the page can show, not a rejection that nobody catches.
  const answered =
    <Name extends ResultCall>(name: Name): Ask<Name> =>
    (args) =>
      requests.call(name, args).catch(() => INTERNAL as CallValue<Name>);
  const signIn = answered("signIn");
  const attach = via("attach");
  const storage = via("storage");
  // Only a page may ask; without it the browser may throw keys away when the disk is short. It is asked again at each
  // visit: what it wants to see first, like a bookmark, may have come since.
  const keep = async () => storage({ kept: await navigator.storage.persist() });
  return {
    attach: async (args) => {
      const snapshot = await attach(args);
      if (snapshot.session.state === "signed-in") drop(keep());
      return snapshot;
    },
    signIn: async (args) => {
      const answer = await signIn(args);
      if (answer.ok) drop(keep());
      return answer;
    },
    ...each(PLAIN, via),
    ...each(ANSWERED, answered),
    ...each(PRESSED, (name) => pressed(answered(name))),
    ask: answered("ask") as ConnectedEngine["ask"],
    storage,
    onEvent(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
  };
}
