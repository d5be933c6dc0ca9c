/** What the deployment says of its gateway: an account at any server, by address and password. Without both of them there is none. */
import type { BareJid } from "../contract/names.ts";
import { parseBareJid } from "./jid.ts";

export type GatewayAccount = { readonly address: BareJid; readonly password: string };

/** Of the one object that keeps that account online. */
export const GATEWAY_NAME = "gateway";

/** `GATEWAY_ADDRESS` and `GATEWAY_PASSWORD` of the deployment. */
export function gatewayAccount(settings: {
  readonly GATEWAY_ADDRESS?: string;
  readonly GATEWAY_PASSWORD?: string;
}): GatewayAccount | undefined {
  const { GATEWAY_ADDRESS, GATEWAY_PASSWORD } = settings;
  const address = parseBareJid(GATEWAY_ADDRESS ?? "");
  if (address === undefined || !address.includes("@") || !GATEWAY_PASSWORD) return undefined;
  return { address, password: GATEWAY_PASSWORD };
}
