/** The timer that plain workerd does not have: asks the Worker for a round of its watchman, as the operator. */
import { ROUTES } from "../../worker/contract/routes.ts";
import { OPERATOR_HEADER } from "../../worker/shared/operator-proof.ts";
import { drop } from "../../worker/shared/drop.ts";
import { newNonce } from "../../worker/shared/proof.ts";
import { signAsOperator } from "../accounts/sign.ts";
import { askWorker } from "./control.ts";

/** As `triggers` in wrangler.toml. */
const EVERY_MS = 15 * 60_000;
const PATH = `${ROUTES.operator}look`;

/** Until this process ends. `origin`: what people open. */
export function watch(socket: string, origin: string, nameSecret: string): void {
  setInterval(() => drop(askForRound(socket, origin, nameSecret)), EVERY_MS).unref();
}

/** @returns whether the Worker has done it */
export async function askForRound(socket: string, origin: string, nameSecret: string): Promise<boolean> {
  const body = "{}";
  const header = await signAsOperator(nameSecret, newNonce(Date.now()), `${origin}${PATH}`, body);
  return askWorker(socket, PATH, body, { origin, [OPERATOR_HEADER]: header });
}
