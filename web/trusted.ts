/**
 * The one Trusted Types policy of the page. The Content-Security-Policy allows exactly this name, once, so it is made before
 * anything else runs; afterwards nobody can make another. It lets through script addresses of our own origin and nothing else.
 */
type ScriptUrlPolicy = { createScriptURL(url: string): string };
type TrustedTypesFactory = {
  createPolicy(name: string, rules: { readonly createScriptURL: (url: string) => string }): ScriptUrlPolicy;
};

function ownOrigin(url: string): string {
  const address = new URL(url, location.href);
  if (address.origin !== location.origin) throw new TypeError("A script of another origin was refused");
  return address.href;
}

const factory = (globalThis as { readonly trustedTypes?: TrustedTypesFactory }).trustedTypes;
const policy: ScriptUrlPolicy = factory?.createPolicy("url", { createScriptURL: ownOrigin }) ?? {
  createScriptURL: ownOrigin,
};

/** The address of a script of ours, in the form that `new Worker` takes. Throws for any other origin. */
export function trustedScriptUrl(url: string): string {
  return policy.createScriptURL(url);
}
