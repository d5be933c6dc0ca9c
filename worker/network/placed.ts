/** Where objects live: a jurisdiction is part of an object's id, so under another one the same name is another object. */

/** The objects of this kind in the jurisdiction of the deployment. */
export function placed<T extends Rpc.DurableObjectBranded>(
  { JURISDICTION: jurisdiction }: Env,
  all: DurableObjectNamespace<T>,
): DurableObjectNamespace<T> {
  return jurisdiction && jurisdiction !== "none" ? all.jurisdiction(jurisdiction as DurableObjectJurisdiction) : all;
}
