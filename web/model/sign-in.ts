/** Signing in, step by step: the form, waiting, and the question whether a server may get the password itself. */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Failure, FailureKind } from "../../worker/contract/failures.ts";
import type { Engine } from "../engine/protocol/engine.ts";

export type SignInStep =
  | { readonly step: "form"; readonly failure?: Failure }
  | { readonly step: "busy"; readonly plain: boolean }
  /** The server offers nothing better than PLAIN (RFC 4616): nothing is sent before the person agreed. */
  | { readonly step: "consent" };

/** The form's state. The password is held only while it is needed and forgotten with the answer that ends it. */
export class SignIn {
  readonly #engine: Pick<Engine, "signIn">;
  readonly #step = signal<SignInStep>({ step: "form" });
  readonly #invitation: () => string | undefined;
  readonly address = signal("");
  readonly password = signal("");

  /** `invitation`: the token of the one that this page was opened with. */
  constructor(engine: Pick<Engine, "signIn">, address = "", invitation: () => string | undefined = () => undefined) {
    this.#engine = engine;
    this.#invitation = invitation;
    this.address.value = address;
  }

  /** Whose account it probably is, unless something has been typed. */
  suggest(address: string | undefined): void {
    if (address !== undefined && this.address.peek() === "") this.address.value = address;
  }

  get step(): ReadonlySignal<SignInStep> {
    return this.#step;
  }

  /** Sends the form. What cannot be right is answered without asking anybody: an address that is none by the engine. */
  async submit(): Promise<void> {
    if (this.#step.peek().step === "busy") return;
    const address = this.address.peek().trim();
    if (address !== "" && this.password.peek() === "")
      this.#step.value = { step: "form", failure: { kind: "wrong-password", detail: "empty" } };
    else await this.#try(address, false);
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
    const invitation = this.#invitation();
    const password = this.password.peek();
    const result = await this.#engine.signIn({ address, password, plain, ...(invitation && { invitation }) });
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

const FIELDS: Partial<Record<FailureKind, "address" | "password">> = {
  "address-invalid": "address",
  "unknown-domain": "address",
  "domain-refused": "address",
  "no-domains": "address",
  "not-xmpp": "address",
  "wrong-password": "password",
  "keys-unfit": "password",
};

/** Which field a failure is about, so that it gets the focus; undefined: neither of them is to be corrected. */
export function fieldOf({ kind }: Failure): "address" | "password" | undefined {
  return FIELDS[kind];
}
