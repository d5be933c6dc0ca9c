/** Where pushes may go from this deployment, and in whose name. */
import { parsePorts } from "../../worker/network/names.ts";
import { resolverOf } from "../../worker/network/resolver.ts";
import type { PushParts } from "./delivery.ts";

/** Who has a session can be rung: the secret of the one is that of the other, and both end with another one. */
export function pushSettings(env: Env): Pick<PushParts, "secret" | "reach"> {
  return {
    secret: env.COOKIE_SECRET,
    reach: {
      ports: parsePorts(env.XMPP_PORTS ?? ""),
      trusted: parseOrigins(env.PUSH_SERVICES ?? ""),
      resolver: resolverOf(env.DNS_RESOLVERS ?? ""),
    },
  };
}

/** `"https://push.home.example https://10.0.0.2:8443"`; what is no origin allows nothing. */
function parseOrigins(list: string): readonly string[] {
  return list.split(/[\s,;]+/).filter((text) => URL.parse(text)?.origin === text);
}
