/** The typed channel between a page and its engine worker: requests with an id, answers, events. */
import type { Engine, EngineEvent } from "../protocol/engine.ts";

export type CallName = keyof Engine;
export type CallArguments<Name extends CallName> = Parameters<Engine[Name]>[0];
export type CallValue<Name extends CallName> = Awaited<ReturnType<Engine[Name]>>;

/** From a page. `id` is unique among all pages of this browser. */
export type Request = {
  [Name in CallName]: { readonly id: string; readonly name: Name; readonly args: CallArguments<Name> };
}[CallName];

/** From the worker. `failed` is a bug in the engine, never an expected failure: those are values. */
export type Reply =
  | { readonly type: "answer"; readonly id: string; readonly value: unknown }
  | { readonly type: "failed"; readonly id: string; readonly message: string }
  | TurnEvents;

/** The events of one turn of the engine, in order: one commit is drawn at once. */
export type TurnEvents = {
  readonly type: "event";
  readonly event: EngineEvent;
  readonly more?: readonly EngineEvent[];
};

/** Runs a request on an engine. A page of a later release may ask for what this one does not have: `other-release`. */
export async function perform(engine: Engine, request: Request): Promise<unknown> {
  if (typeof engine[request.name] !== "function") return { ok: false, error: { kind: "other-release" } };
  // The union of calls keeps name and arguments together; TypeScript loses the link when it indexes.
  const call = engine[request.name].bind(engine) as (args: unknown) => Promise<unknown>;
  return call(request.args);
}

/** The calls of a page: each a request, its promise settled by the reply with the same id. */
export class Requests {
  readonly #post: (request: Request) => void;
  readonly #open = new Map<string, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();

  constructor(post: (request: Request) => void) {
    this.#post = post;
  }

  call<Name extends CallName>(name: Name, args: CallArguments<Name>): Promise<CallValue<Name>> {
    const id = crypto.randomUUID();
    const answer = new Promise<unknown>((resolve, reject) => this.#open.set(id, { resolve, reject }));
    this.#post({ id, name, args } as Request);
    return answer as Promise<CallValue<Name>>;
  }

  settle(reply: Exclude<Reply, { type: "event" }>): void {
    const open = this.#open.get(reply.id);
    this.#open.delete(reply.id);
    if (reply.type === "answer") open?.resolve(reply.value);
    else open?.reject(new Error(reply.message));
  }
}
