/** What a deployment does with the two secrets. NAME_SECRET names every account's object: another one loses them all. */
import { createHash } from "node:crypto";
import { refuse, type Refusal } from "./said.ts";

type SecretName = "NAME_SECRET" | "COOKIE_SECRET";

/** What of this the platform knows: names, for a secret cannot be read back. */
export type DeployedSecrets = {
  readonly names: readonly string[];
  /** What `printOf` says of its NAME_SECRET; none where it was put there by other means. */
  readonly print: string | undefined;
};

export type SecretsWish = {
  /** NAME_SECRET from a copy or a runner. */
  readonly given?: string;
  /** A copy that this command wrote before an upload whose end it did not see. */
  readonly pending?: string;
  /** Somebody asked for a new NAME_SECRET. */
  readonly replace: boolean;
  /** Whether somebody can be asked, or has said, that a copy be kept here. */
  readonly canKeep: boolean;
};

export type SecretsDecision =
  /** Upload these together with the code: made now, or `name`, which was given or made before. */
  { readonly kind: "deploy"; readonly make: readonly SecretName[]; readonly name: string | undefined } | Refusal;

const MINIMUM_CHARACTERS = 32;
const PRINT_CHARACTERS = 12;

/** By what a copy is known to be the deployed one. Says nothing of 32 random bytes; only whoever owns the account sees it. */
export function printOf(nameSecret: string): string {
  return createHash("sha256").update(`alcove name secret ${nameSecret}`).digest("hex").slice(0, PRINT_CHARACTERS);
}

/**
 * Pure: the same knowledge and the same wish give the same decision. When in doubt nothing is deployed.
 * @param deployed undefined: no Worker of this name
 */
export function decideSecrets(deployed: DeployedSecrets | undefined, wish: SecretsWish): SecretsDecision {
  if (wish.replace) {
    return refuse(
      "NAME_SECRET names every account's object. Another one would lose every account, so it is never replaced.",
    );
  }
  const name = wish.given ?? wish.pending;
  if (name !== undefined && name.length < MINIMUM_CHARACTERS)
    return refuse(`NAME_SECRET is too short to be one: it has at least ${MINIMUM_CHARACTERS} characters.`);
  const make: readonly SecretName[] = deployed?.names.includes("COOKIE_SECRET") ? [] : ["COOKIE_SECRET"];
  if (deployed?.names.includes("NAME_SECRET")) return decideBeside(deployed.print, wish.given, make);
  if (name !== undefined) return { kind: "deploy", make, name };
  if (deployed !== undefined) {
    return refuse(
      "A Worker of this name is there, and it has no NAME_SECRET. If it is not Alcove, choose another name (--name NAME). " +
        "If its secret was deleted, put back the copy: --restore-name-secret FILE.",
    );
  }
  if (wish.canKeep) return { kind: "deploy", make: ["NAME_SECRET", ...make], name: undefined };
  return refuse(
    "This is the first deployment, and nobody is here to be asked where a copy of NAME_SECRET shall be. Make one\n" +
      "(openssl rand -base64 32), keep it where you keep what must not be lost, and give it in the environment as NAME_SECRET;\n" +
      "or say --backup, and the copy stays on this machine.",
  );
}

/** A runner gives its copy each time. It is not put over the living one; a wrong one is a mistake that is better seen now. */
function decideBeside(
  print: string | undefined,
  given: string | undefined,
  make: readonly SecretName[],
): SecretsDecision {
  if (given !== undefined && print !== undefined && print !== printOf(given)) {
    return refuse(
      "The NAME_SECRET that was given is not that of the deployment, whose accounts would all be lost with it. Nothing was " +
        "changed. Is it of another deployment (--name)?",
    );
  }
  return { kind: "deploy", make, name: undefined };
}
