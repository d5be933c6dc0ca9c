/** A real workerd that runs `object.js`, bundled the way wrangler bundles. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Failure, Result } from "../../worker/contract/failures.ts";

export type Password = {
  readonly kind: "password";
  readonly password: string;
  readonly plain: boolean;
  readonly prefersToken?: boolean;
};
export type Keys = { readonly kind: "scram" | "fast"; readonly mechanism: string } & Readonly<Record<string, unknown>>;

export type Opening = {
  readonly settings: {
    readonly account: string;
    readonly resource: string;
    readonly userAgent: string;
    readonly endpoints: Readonly<Record<string, string>>;
    readonly allowedDomains: readonly string[];
    readonly stepTimeoutMs?: number;
  };
  readonly credentials: Password | Keys;
  readonly limitMs?: number;
};

export type SignedIn = {
  readonly keys?: Keys;
  readonly mechanism: string;
  readonly endpoint: string;
  readonly jid: string;
  readonly resumed: boolean;
};

export type Resume = { readonly id: string; readonly inbound: number; readonly jid: string };

/** `Negotiated` as JSON, and the elements that arrived behind it. */
export type Entered = {
  readonly kind: "bound" | "resumed";
  readonly keys?: Keys;
  readonly mechanism: string;
  readonly jid: string;
  readonly management?: {
    readonly kind: "none" | "offered" | "enabled";
    readonly resumption?: { readonly id: string; readonly resumableMs: number; readonly location?: string };
  };
  readonly clientState?: boolean;
  readonly carbons?: boolean;
  readonly notResumed?: { readonly acknowledged?: number };
  readonly acknowledged?: number;
  readonly after: readonly string[];
};

export type Seen = {
  readonly states: readonly string[];
  /** Each stream that came to stand: `new` or `resumed`. */
  readonly streams: readonly string[];
  readonly stanzas: readonly string[];
  readonly acknowledged: readonly string[];
  readonly closed: readonly Failure[];
  readonly lastByteAt: number;
};

export interface LinkRuntime {
  open(opening: Opening): Promise<Result<SignedIn>>;
  prove(opening: Opening): Promise<Result<SignedIn>>;
  invalidate(opening: Opening): Promise<Result<SignedIn>>;
  negotiate(opening: Opening & { readonly resume?: Resume }): Promise<Result<Entered>>;
  say(message: {
    readonly to: string;
    readonly id: string;
    readonly text: string;
  }): Promise<{ readonly sent: boolean }>;
  ask(iq: {
    readonly to?: string;
    readonly name: string;
    readonly namespace: string;
  }): Promise<{ readonly ok: boolean; readonly value?: string; readonly error?: { readonly kind: string } }>;
  /** How many stanzas have come. */
  count(): Promise<number>;
  seen(): Promise<Seen>;
  /** Without a goodbye, as a connection that is lost. */
  cut(): Promise<void>;
  close(): Promise<void>;
  dispose(): Promise<void>;
}

/** `ca`: path of a PEM file that workerd is to trust beside the public authorities. */
export async function startLinkRuntime(ca: string): Promise<LinkRuntime> {
  // Read by Miniflare when it starts, so it must stand before the import.
  process.env["NODE_EXTRA_CA_CERTS"] = ca;
  const { convertV4MiniflareOptions, Miniflare } = await import("miniflare");
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL("object.js", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    platform: "browser",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*"],
  });
  const options = convertV4MiniflareOptions({
    modules: true,
    script: bundle.outputFiles[0]?.text ?? "",
    compatibilityDate: "2026-11-01",
    durableObjects: { LINK: "LinkObject" },
  });
  const miniflare = new Miniflare(options);
  await miniflare.ready;
  const call = async <T>(method: string, body: unknown = {}): Promise<T> => {
    const response = await miniflare.dispatchFetch(`http://link/${method}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method}: ${text}`);
    return JSON.parse(text) as T;
  };
  return {
    open: (opening) => call("open", opening),
    prove: (opening) => call("prove", opening),
    invalidate: (opening) => call("invalidate", opening),
    negotiate: (opening) => call("negotiate", opening),
    say: (message) => call("say", message),
    ask: (iq) => call("ask", iq),
    count: async () => (await call<{ stanzas: number }>("count")).stanzas,
    seen: () => call("seen"),
    cut: () => call("cut"),
    close: () => call("close"),
    dispose: () => miniflare.dispose(),
  };
}
