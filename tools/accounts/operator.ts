/** Asks a deployment as its operator: signs each request with a key of NAME_SECRET, which itself never travels. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { OperatorCommand, OperatorCommands } from "../../worker/contract/operator.ts";
import { INVITATION_FRAGMENT } from "../../worker/contract/fragments.ts";
import { ROUTES } from "../../worker/contract/routes.ts";
import { OPERATOR_HEADER } from "../../worker/shared/operator-proof.ts";
import { newNonce } from "../../worker/shared/proof.ts";
import { refuse, type Said, so } from "../deploy/said.ts";
import { signAsOperator, signInvitation } from "./sign.ts";

const TIMEOUT_MS = 60_000;

type Args<Name extends OperatorCommand> = Parameters<OperatorCommands[Name]>[0];
export type Answer<Name extends OperatorCommand> = ReturnType<OperatorCommands[Name]>;

export class Operator {
  readonly origin: string;
  readonly #secret: string;

  /** `origin`: of the deployment, `https://chat.example.org`. */
  constructor(origin: string, nameSecret: string) {
    this.origin = origin;
    this.#secret = nameSecret;
  }

  /** What it answers, or in words why it does not. */
  async ask<Name extends OperatorCommand>(command: Name, args: Args<Name>): Promise<Said<Answer<Name>>> {
    let result = await this.#post<Answer<Name>>(command, args);
    if (result.kind === "so" && !result.value.ok && result.value.error.kind === "too-many-tries") {
      await sleep(Number(result.value.error.detail) * 1_000);
      result = await this.#post<Answer<Name>>(command, args);
    }
    if (result.kind === "refuse") return result;
    return result.value.ok ? so(result.value.value) : refuse(this.#wordsOf(result.value.error));
  }

  /** By which somebody comes in. Its token is made here: nothing that lets anybody in travels. */
  async invitationLink(id: string): Promise<string> {
    return `${this.origin}/${INVITATION_FRAGMENT}${await signInvitation(this.#secret, id)}`;
  }

  async #post<Value>(command: OperatorCommand, args: unknown): Promise<Said<Result<Value>>> {
    const url = `${this.origin}${ROUTES.operator}${command}`;
    const body = JSON.stringify(args);
    const headers = {
      origin: this.origin,
      "content-type": "application/json",
      [OPERATOR_HEADER]: await signAsOperator(this.#secret, newNonce(Date.now()), url, body),
    };
    try {
      const answer = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
      const text = await answer.text();
      if (!text.startsWith("{")) return refuse(`${this.origin} answered ${answer.status}, and not as Alcove does.`);
      return so(JSON.parse(text) as Result<Value>);
    } catch (error) {
      return refuse(`${this.origin} does not answer (${error instanceof Error ? error.message : "?"}).`);
    }
  }

  #wordsOf({ kind, detail }: Failure): string {
    switch (kind) {
      case "not-found":
        return detail === "account"
          ? "Nobody has signed in to this account here."
          : `${this.origin} knows no such command: its NAME_SECRET is another one than this copy, or its release an older one.`;
      case "not-proven":
        return `The clock of this machine differs from that of the deployment, which has ${new Date(Number(detail)).toISOString()}.`;
      case "malformed":
        return "This is no address of an account.";
      case "too-large":
        return "There are hundreds of invitations already: take back those that nobody needs, or wait until they are forgotten.";
      case "too-many-tries":
        return "Too many requests in a minute. Try again later.";
      case "storage-full":
        return "The storage of the deployment is full: not even this command can be noted down. Make a little room on its disk (a megabyte will do), then say it again.";
      default:
        return `The deployment has failed (${kind}). What it printed names the class of the error.`;
    }
  }
}
