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

const INTERNAL = { ok: false, error: { kind: "internal" } } as const;

/** The calls whose answer can be a failure. */
type ResultCall = { [Name in CallName]: typeof INTERNAL extends CallValue<Name> ? Name : never }[CallName];

/** Speaks with the engine in this worker, or with the one in another tab that the worker follows. */
export function connectEngine(worker: Worker): ConnectedEngine {
  const callbacks = new Set<(event: EngineEvent) => void>();
  const requests = new Requests((request) => worker.postMessage(request));
  worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
    if (data.type !== "event") requests.settle(data);
    else for (const event of [data.event, ...(data.more ?? [])]) for (const callback of callbacks) callback(event);
  });
  const via =
    <Name extends CallName>(name: Name) =>
    (args: CallArguments<Name>): Promise<CallValue<Name>> =>
      requests.call(name, args);
  // A bug or a full disk in the engine becomes a failure that the page can show, not a rejection that nobody catches.
  const answered =
    <Name extends ResultCall>(name: Name) =>
    (args: CallArguments<Name>): Promise<CallValue<Name>> =>
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
    visible: via("visible"),
    signIn: async (args) => {
      const answer = await signIn(args);
      if (answer.ok) drop(keep());
      return answer;
    },
    signOut: answered("signOut"),
    timeline: via("timeline"),
    older: answered("older"),
    open: via("open"),
    send: answered("send"),
    noteFile: answered("noteFile"),
    draft: via("draft"),
    react: answered("react"),
    retract: answered("retract"),
    retry: via("retry"),
    discard: via("discard"),
    read: via("read"),
    typing: via("typing"),
    notifies: via("notifies"),
    choose: answered("choose"),
    start: answered("start"),
    contact: answered("contact"),
    ask: answered("ask") as ConnectedEngine["ask"],
    keptAway: via("keptAway"),
    deleteChat: answered("deleteChat"),
    forget: answered("forget"),
    room: answered("room"),
    invite: answered("invite"),
    sharedRooms: via("sharedRooms"),
    members: via("members"),
    expose: via("expose"),
    writeToKnown: via("writeToKnown"),
    checkEncryption: via("checkEncryption"),
    devices: via("devices"),
    revoke: answered("revoke"),
    resetSession: answered("resetSession"),
    decide: answered("decide"),
    onlyVerified: via("onlyVerified"),
    letIn: answered("letIn"),
    devicesSeen: via("devicesSeen"),
    verifyLink: answered("verifyLink"),
    removeDevice: answered("removeDevice"),
    handover: answered("handover"),
    importHistory: answered("importHistory"),
    copy: answered("copy"),
    dismiss: via("dismiss"),
    storage,
    reconnect: via("reconnect"),
    onEvent(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
  };
}
