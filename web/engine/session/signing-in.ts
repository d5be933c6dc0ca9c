/** Signing in: in the engine's second script (`engine-later.ts`). */
import type { Result } from "../../../worker/contract/failures.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { typedJid } from "../address.ts";
import { newBrowserKey, useBrowserKey } from "../object/browser-key.ts";
import type { Remote } from "../object/calls.ts";
import { createDevice } from "../omemo/identity.ts";
import type { Engine } from "../protocol/engine.ts";
import { type KnownAccount, knownAccount, rememberAccount } from "../store/known-accounts.ts";
import { browserKind, browserName } from "./browser-name.ts";
import type { Wanted } from "./device.ts";
import type { Ends } from "./ends.ts";
import type { Eviction } from "./eviction.ts";
import { provePassword } from "./proving.ts";
import type { SignedInAccount } from "./signed-in.ts";

/** What this is told of the session, and does to it. */
export type SigningIn = {
  readonly remote: Remote;
  readonly userAgent: string;
  readonly eviction: Eviction;
  readonly ends: Ends;
  /** The person has been told that what this account had here is gone. */
  readonly saysEvicted: (known: KnownAccount) => boolean;
  readonly showEvicted: (known: KnownAccount) => void;
  /** Whoever is signed in already. */
  readonly current: () => SignedInAccount | undefined;
  readonly open: (wanted: Wanted) => Promise<SignedInAccount | undefined>;
  readonly opened: (account: BareJid, signedIn: SignedInAccount) => void;
};

/** See `Engine`. Fails as the calls do, with `address-invalid`, `evicted`, and `internal` where the store cannot be opened. */
export async function signIn(
  { remote, userAgent, eviction, ends, saysEvicted, showEvicted, current, open, opened }: SigningIn,
  args: Parameters<Engine["signIn"]>[0],
): Promise<Result<{ readonly account: BareJid }>> {
  // A resource is the object's to choose: whoever types one means something else.
  const address = args.address.includes("/") ? undefined : typedJid(args.address);
  if (address === undefined) return { ok: false, error: { kind: "address-invalid" } };
  const replaced = await eviction.replacedBy(address);
  if (replaced !== undefined && !saysEvicted(replaced)) {
    showEvicted(replaced);
    return { ok: false, error: { kind: "evicted" } };
  }
  const known = await knownAccount(address);
  const startOver = known?.because === "revoked";
  // Keys take longer than anything else here, so they are made while the server is asked.
  const keys = known === undefined || replaced !== undefined || startOver ? createDevice() : undefined;
  const key = await newBrowserKey();
  const request = {
    address,
    name: browserName(userAgent).slice(0, LIMITS.browserNameLength),
    kind: browserKind(userAgent),
    key: key.publicKey,
    ...(args.invitation && { invitation: args.invitation }),
  };
  const asBefore = known && !startOver ? { ...request, browser: known.browser } : request;
  let answer = await provePassword(remote, asBefore, args);
  const revoked = !answer.ok && answer.error.kind === "revoked";
  // Whoever has lost everything and agreed to be a new device has nothing left that could be locked.
  if (revoked && replaced !== undefined) answer = await provePassword(remote, request, args);
  if (!answer.ok) {
    await keys;
    // Another browser has signed this one out while it was signed out already: the person is told before it comes back as
    // a new device.
    if (revoked && known !== undefined) await ends.lock(known);
    return answer;
  }
  const { account, browser } = answer.value;
  const arriving = { startOver, unremembered: (known ?? (await knownAccount(account))) === undefined };
  await useBrowserKey(browser, key, true);
  const self = current()?.account.self;
  if (self?.jid === account && self.browser === browser) {
    // Signed in all along; it was the account that had lost its way to the server.
    current()?.hurry();
    return { ok: true, value: { account } };
  }
  await rememberAccount({ account, browser, signedIn: true, arriving });
  const signedIn = await open({ account, browser, newKeys: keys ?? createDevice, ...arriving });
  if (signedIn === undefined) return { ok: false, error: { kind: "internal" } };
  opened(account, signedIn);
  return { ok: true, value: { account } };
}
