/** In place of the engine's worker of the built page: tells of a hostile world, and of another one when the test says so. */
import { perform, type Request, type Reply } from "../../web/engine/tabs/messages.ts";
import { scriptedEngine } from "../screens/scripted-engine.ts";
import { hostileWorld, newMessage, OWN } from "./hostile-world.ts";

type Scope = {
  postMessage(reply: Reply): void;
  addEventListener(type: "message", listener: (event: MessageEvent<Request>) => void): void;
};
/** From the test: show a world of these words; somebody says them; nobody is signed in; the page is told nonsense. */
export type Order = { readonly act: "show" | "say" | "sign-out" | "break"; readonly words: string };

const scope = globalThis as unknown as Scope;
const orders = new BroadcastChannel("hostile-orders");
const said = new BroadcastChannel("hostile-words");
let words = "hello";
let engine = scriptedEngine(hostileWorld(words), OWN);

said.addEventListener("message", () => said.postMessage(words));
scope.addEventListener("message", ({ data }) => {
  const answer = perform(engine, data);
  void answer.then((value) => scope.postMessage({ type: "answer", id: data.id, value }));
});

type Told = Extract<Reply, { type: "event" }>["event"];
const tell = (event: Told): void => scope.postMessage({ type: "event", event });

orders.addEventListener("message", ({ data }: MessageEvent<Order>) => {
  ({ words } = data);
  if (data.act === "break") {
    tell({ type: "chats", chats: words } as unknown as Told);
    return;
  }
  const world = hostileWorld(words);
  engine = scriptedEngine(world, OWN);
  if (data.act === "show") tell({ type: "reset", snapshot: world.snapshot });
  else if (data.act === "say") tell({ type: "chats", chats: [newMessage(words)], removed: [] });
  else tell({ type: "session", session: { state: "signed-out" } });
});
