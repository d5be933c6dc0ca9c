/** What a deployment does with the two secrets. NAME_SECRET names every account's object: another one loses them all. */

export type SecretName = "NAME_SECRET" | "COOKIE_SECRET";

/** What Cloudflare knows before the deployment. */
export type Deployed =
  /** No Worker of this name: the first deployment. */
  | { readonly kind: "none" }
  | { readonly kind: "secrets"; readonly names: readonly string[] }
  /** No answer, no account, no permission: `words` is what wrangler said. */
  | { readonly kind: "unknown"; readonly words: string };

export type SecretsWish = {
  /** NAME_SECRET from a backup, for a Worker that has lost its own. */
  readonly restored?: string;
  /** Somebody asked for a new NAME_SECRET. */
  readonly replace: boolean;
};

export type SecretsDecision =
  /** Upload these together with the code, made now. `restored` ones come from the backup. */
  | { readonly kind: "deploy"; readonly make: readonly SecretName[]; readonly restore: boolean }
  | { readonly kind: "refuse"; readonly words: string };

const MINIMUM_CHARACTERS = 32;

/** Pure: the same knowledge and the same wish give the same decision. When in doubt nothing is deployed. */
export function decideSecrets(deployed: Deployed, wish: SecretsWish): SecretsDecision {
  if (wish.replace) {
    return refuse(
      "NAME_SECRET names every account's object. Another one would lose every account, so it is never replaced.",
    );
  }
  if (wish.restored !== undefined && wish.restored.length < MINIMUM_CHARACTERS) {
    return refuse("The backup of NAME_SECRET is too short to be one.");
  }
  const restore = wish.restored !== undefined;
  switch (deployed.kind) {
    case "unknown":
      return refuse(`What is deployed already could not be found out, so nothing is changed.\n${deployed.words}`);
    case "none":
      return { kind: "deploy", make: restore ? ["COOKIE_SECRET"] : ["NAME_SECRET", "COOKIE_SECRET"], restore };
    case "secrets":
      return decideForWorker(deployed.names, restore);
  }
}

function decideForWorker(names: readonly string[], restore: boolean): SecretsDecision {
  const make: readonly SecretName[] = names.includes("COOKIE_SECRET") ? [] : ["COOKIE_SECRET"];
  if (names.includes("NAME_SECRET")) {
    if (restore) return refuse("The Worker has its NAME_SECRET; a backup is not put over it.");
    return { kind: "deploy", make, restore: false };
  }
  if (restore) return { kind: "deploy", make, restore: true };
  return refuse(
    "A Worker of this name is there, and it has no NAME_SECRET. If it is not Alcove, choose another name (--name NAME). " +
      "If its secret was deleted, put back the backup: --restore-name-secret FILE.",
  );
}

function refuse(words: string): SecretsDecision {
  return { kind: "refuse", words };
}
