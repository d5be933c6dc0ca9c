/**
 * The one object of a deployment that every sign-in passes: it counts tries (`gatekeeper/door.ts`). Nothing else goes
 * through it, neither a message nor a call, so an account never waits for another one. It knows no address: the Worker
 * names accounts and networks by keyed hashes.
 */
import { DurableObject } from "cloudflare:workers";
import type { Result } from "../worker/contract/failures.ts";
import type { DeploymentCounts } from "../worker/contract/operator.ts";
import { Door, type Entry, type Outcome } from "./gatekeeper/door.ts";
import type { Invitation, KeptInvitation } from "./gatekeeper/invitations.ts";
import { OperatorDoor } from "./gatekeeper/operator-door.ts";
import type { Knock } from "./gatekeeper/rules.ts";
import { Rounds, type Seen } from "./gatekeeper/rounds.ts";

export class Gatekeeper extends DurableObject<Env> {
  readonly #door: Door;
  readonly #operatorDoor: OperatorDoor;
  readonly #rounds: Rounds;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#door = new Door(ctx.storage.sql);
    this.#operatorDoor = new OperatorDoor(ctx.storage.sql);
    this.#rounds = new Rounds(ctx.storage.sql);
  }

  /** See `Door.admit`. */
  admit(knock: Knock, newAccounts: number): Result<Entry> {
    return this.#door.admit(knock, newAccounts, Date.now());
  }

  /** See `Door.settle`. */
  settle(ticket: string, account: string, outcome: Outcome, invitation?: string): void {
    this.#door.settle(ticket, account, outcome, Date.now(), invitation);
  }

  /** See `Invitations.holds`. */
  mayEnd(invitation: string, account: string): Result<true> {
    return this.#door.invitations.holds(invitation, account, Date.now());
  }

  /** See `Invitations.look`. */
  invitation(id: string): Result<KeptInvitation> {
    return this.#door.invitations.look(id, Date.now());
  }

  /** See `Invitations.make`. */
  invite(invitation: Invitation): boolean {
    return this.#door.invitations.make(invitation);
  }

  /** See `Invitations.all`. */
  invitations(): readonly KeptInvitation[] {
    return this.#door.invitations.all(Date.now());
  }

  /** See `Invitations.takeBack`. */
  uninvite(id: string): boolean {
    return this.#door.invitations.takeBack(id, Date.now());
  }

  /** That objects wake and their database answers; for `GET /api/health`. */
  ready(): boolean {
    return this.ctx.storage.sql.exec("select 1 as one").one()["one"] === 1;
  }

  /** See `OperatorDoor.admit`. */
  admitOperator(nonce: string): boolean {
    return this.#operatorDoor.admit(nonce, Date.now());
  }

  /** See `Door.names`. */
  names(after: string, limit: number): readonly string[] {
    return this.#door.names(after, limit);
  }

  /** See `Door.forgetAccount`. */
  forgetAccount(name: string): void {
    this.#door.forgetAccount(name);
    this.#rounds.forget(name);
  }

  /** See `Rounds.next`. */
  toLookAt(): readonly string[] {
    return this.#rounds.next();
  }

  /** See `Rounds.done`. */
  lookedAt(names: readonly string[], seen: readonly Seen[]): void {
    this.#rounds.done(names, seen, Date.now());
  }

  /** See `Door.counts`. */
  counts(): DeploymentCounts {
    return this.#door.counts();
  }
}
