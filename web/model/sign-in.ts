/** Signing in, step by step: the form, waiting, and the question whether a server may get the password itself. */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Failure } from "../../worker/contract/failures.ts";
import type { Engine } from "../engine/protocol/engine.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";

export type SignInStep =
  | { readonly step: "form"; readonly failure?: Failure }
  | { readonly step: "busy"; readonly plain: boolean }
  /** The server offers nothing better than PLAIN (RFC 4616): nothing is sent before the person agreed. */
  | { readonly step: "consent" };

/** The form's state. The password is held only while it is needed and forgotten with the answer that ends it. */
export class SignIn {
  readonly #engine: Pick<Engine, "signIn">;
  readonly #step = signal<SignInStep>({ step: "form" });
  readonly address = signal("");
  readonly password = signal("");

  constructor(engine: Pick<Engine, "signIn">, address = "") {
    this.#engine = engine;
    this.address.value = address;
  }

  /** Whose account it probably is, unless something has been typed. */
  suggest(address: string | undefined): void {
    if (address !== undefined && this.address.peek() === "") this.address.value = address;
  }

  get step(): ReadonlySignal<SignInStep> {
    return this.#step;
  }

  /** Sends the form. An address that cannot be one is answered by the engine, without asking anybody. */
  async submit(): Promise<void> {
    if (this.#step.peek().step === "busy") return;
    await this.#try(this.address.peek().trim(), false);
  }

  /** The person agreed that this server gets the password itself. */
  async agree(): Promise<void> {
    if (this.#step.peek().step === "consent") await this.#try(this.address.peek().trim(), true);
  }

  back(): void {
    this.#step.value = { step: "form" };
  }

  async #try(address: string, plain: boolean): Promise<void> {
    this.#step.value = { step: "busy", plain };
    const result = await this.#engine.signIn({ address, password: this.password.peek(), plain });
    if (result.ok) {
      this.password.value = "";
      this.#step.value = { step: "form" };
      return;
    }
    if (result.error.kind === "only-plain" && !plain) {
      this.#step.value = { step: "consent" };
      return;
    }
    this.#step.value = { step: "form", failure: result.error };
  }
}

/** Which field a failure is about, so that it gets the focus. */
export function fieldOf(failure: Failure): "address" | "password" | undefined {
  switch (failure.kind) {
    case "address-invalid":
    case "unknown-domain":
    case "domain-refused":
    case "no-domains":
    case "not-xmpp":
      return "address";
    case "wrong-password":
    case "keys-unfit":
      return "password";
    case "unproven-name":
    case "refused":
    case "timed-out":
    case "bad-certificate":
    case "no-encryption":
    case "account-disabled":
    case "sign-in-lapsed":
    case "other-release":
    case "only-plain":
    case "no-mechanism":
    case "server-not-proven":
    case "server-error":
    case "stream-replaced":
    case "connection-lost":
    case "storage-full":
    case "too-many-tries":
    case "account-guarded":
    case "too-busy":
    case "no-new-accounts":
    case "too-many-browsers":
    case "not-signed-in":
    case "not-proven":
    case "locked":
    case "wrong-account":
    case "evicted":
    case "still-erasing":
    case "offline":
    case "malformed":
    case "too-large":
    case "not-found":
    case "would-expose":
    case "too-early":
    case "behind":
    case "revoked":
    case "encryption-unavailable":
    case "key-changed":
    case "none-trusted":
    case "peer-refused":
    case "internal":
      return undefined;
    default:
      return missingCase(failure.kind);
  }
}
