/** How one signs in, as far as it shows without an account: the object's own choice, and what it cannot use. */
import { chooseMechanism } from "../../durable/link/sasl/exchange.ts";
import type { Person } from "../../durable/link/sasl/credentials.ts";
import { failed } from "../../worker/shared/failed.ts";
import { causeOf } from "../../worker/shared/failure-causes.ts";
import { fault, type Finding, ok, unseen, warning } from "./finding.ts";
import type { Offered } from "./visit.ts";

/** Somebody who has agreed to nothing yet. */
const SOMEBODY: Person = {
  ...{ kind: "person", plain: false, prefersToken: false },
  keysFor: async () => failed("sign-in-lapsed"),
  password: async () => failed("sign-in-lapsed"),
};

export function judgeOffer(uri: string, { sasl, sasl2 }: Offered): readonly Finding[] {
  const names = [...new Set([...(sasl2?.mechanisms ?? []), ...sasl.mechanisms])];
  const bound = names.filter((name) => name.endsWith("-PLUS"));
  const choice = chooseMechanism(names, SOMEBODY, true);
  const findings: Finding[] = [
    choice.ok
      ? ok(
          "mechanisms",
          `${uri}: signs in by ${choice.value}; the password stays in the browser (offered: ${names.join(", ")})`,
        )
      : refused(uri, names, choice.error),
  ];
  if (choice.ok && bound.length > 0)
    findings.push(
      unseen("channel-binding", `${bound.join(", ")}: not used, the platform shows nothing of the TLS channel`),
    );
  if (!choice.ok) return findings;
  findings.push(
    sasl2?.tokens === true
      ? ok("tokens", "gives tokens (FAST, XEP-0484): nothing of the password is kept")
      : unseen("tokens", "gives no tokens (FAST, XEP-0484): SCRAM's keys are kept, sealed, in their place"),
    sasl2
      ? ok("sasl2", `SASL 2${sasl2.bind ? " and Bind 2" : ""}: signs in with fewer steps`)
      : unseen("sasl2", "no SASL 2: signs in with more steps, that is all"),
  );
  return findings;
}

function refused(uri: string, names: readonly string[], failure: ReturnType<typeof failed>["error"]): Finding {
  if (failure.kind === "only-plain") {
    const words = `${uri}: takes the password itself alone (PLAIN): people are asked before it is sent, and type it again whenever the session has to begin anew`;
    return warning("only-plain", words, { failure, cure: "scram" });
  }
  const cause = causeOf(failure);
  if (cause === "bound-only")
    return fault("bound-only", `${uri}: only sign-ins bound to the TLS channel (${names.join(", ")})`, {
      failure,
      cure: "scram-plain",
    });
  if (cause === "nothing-offered")
    return fault("nothing-offered", `${uri}: offers no mechanism at all on this connection`, {
      failure,
      cure: uri.startsWith("wss:") ? "websocket-secure" : "scram",
    });
  return fault("no-mechanism", `${uri}: offers ${names.join(", ")}, of which Alcove knows none`, {
    failure,
    cure: "scram",
  });
}
