/** What a person asks for in a dialog, which is told how it went. */
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { App } from "./app.ts";

/** What a dialog has asked the engine for: it closes when it went well, and shows the failure else. */
export async function settle(app: App, act: Promise<Result<unknown>>): Promise<Failure | undefined> {
  const answer = await act;
  if (!answer.ok) return answer.error;
  app.dialog.value = undefined;
  return undefined;
}

/** Begins a conversation by address and goes there; a failure is for the dialog that asked. */
export async function start(app: App, address: string): Promise<Failure | undefined> {
  const answer = await app.engine.start({ address: address.trim() });
  if (!answer.ok) return answer.error;
  app.dialog.value = undefined;
  app.endSearch();
  app.list.reset();
  app.go({ screen: "chats", chat: answer.value.chat });
  return undefined;
}
