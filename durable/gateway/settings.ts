/** How the gateway signs in, and where. */
import { keyBytesFor } from "../../worker/shared/derived-key.ts";
import { failed } from "../../worker/shared/failed.ts";
import { roundsDetail } from "../../worker/shared/failure-causes.ts";
import type { GatewayAccount } from "../../worker/shared/gateway-account.ts";
import { toHex } from "../../worker/shared/hex.ts";
import { domainOf } from "../../worker/shared/jid.ts";
import { makeScramKeys } from "../../worker/shared/scram-keys.ts";
import { strangerSettings } from "../connection/settings.ts";
import type { LinkSettings, Person } from "../link/link.ts";

/** The platform's PBKDF2 ends here. */
const MOST_ROUNDS = 100_000;

/**
 * A password is given to no server: who has it proves it (RFC 5802). A server that asks for more rounds than the platform makes is no
 * server for a gateway.
 */
export function personOf({ password }: GatewayAccount): Person {
  return {
    kind: "person",
    plain: false,
    prefersToken: false,
    keysFor: async (challenge) => {
      const { iterations } = challenge;
      if (iterations > MOST_ROUNDS) return failed("server-not-proven", roundsDetail(String(iterations)));
      return makeScramKeys(password, challenge);
    },
    password: async () => failed("only-plain"),
  };
}

const RESOURCE_BYTES = 12;
const CONFIGURATION_BYTES = 16;

/**
 * Its resource is the same in each life of the object, so that servers go on knowing where it is, and is guessed by nobody, who could
 * write to it then. The deployer has named the address, so the list of domains says nothing about it.
 */
export async function lineSettings(env: Env, { address }: GatewayAccount): Promise<LinkSettings> {
  const bytes = new Uint8Array(await keyBytesFor(`gateway at ${address}`, env.COOKIE_SECRET));
  const hex = toHex(bytes);
  return {
    ...strangerSettings(env, domainOf(address), true),
    account: address,
    resource: `push-${toHex(bytes.subarray(0, RESOURCE_BYTES))}`,
    // A UUID of version 4 in its form (RFC 9562 §5.4).
    userAgent: `${hex.slice(24, 32)}-${hex.slice(32, 36)}-4${hex.slice(37, 40)}-a${hex.slice(41, 44)}-${hex.slice(44, 56)}`,
  };
}

/**
 * Names what the deployment says of its gateway, by 32 hex digits that nobody can tell the password from: another password, or a new
 * deployment, is a reason to try again what was refused.
 */
export async function configurationOf(env: Env, { address, password }: GatewayAccount): Promise<string> {
  const bytes = await keyBytesFor(
    `gateway configuration ${JSON.stringify([address, password, env.RELEASE])}`,
    env.COOKIE_SECRET,
  );
  return toHex(new Uint8Array(bytes, 0, CONFIGURATION_BYTES));
}
