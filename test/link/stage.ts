/** One scripted server and one workerd, and what the tests of the sign-in in one step ask them. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { issueCertificate, makeAuthority } from "../xmpp-server/certificates.ts";
import { type Entered, type Keys, type LinkRuntime, type Opening, type Resume, startLinkRuntime } from "./runtime.ts";
import type { Script } from "./script.ts";
import { PASSWORD } from "./scripted-mechanisms.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

export const ALICE = "alice@localhost";
export const AGENT = "4f6a1c8e-53a1-4c0e-9d5b-2a3f0c9e7b11";
export const SM = "urn:xmpp:sm:3";
export const SCRAM = ["SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"] as const;

/** What the two offer, as both were seen to do it. */
export const PROSODY: Script = {
  sasl: SCRAM,
  sasl2: {
    mechanisms: SCRAM,
    bind: ["urn:xmpp:carbons:2", "urn:xmpp:csi:0", SM],
    resumption: true,
    tokens: ["HT-SHA-256-EXPR", "HT-SHA-256-NONE"],
  },
  channelBindings: ["tls-exporter"],
  proof: "true",
  rotates: true,
};
export const EJABBERD: Script = {
  sasl: SCRAM,
  sasl2: {
    mechanisms: SCRAM,
    bind: [SM, "urn:xmpp:carbons:2"],
    resumption: true,
    tokens: ["HT-SHA-256-NONE", "HT-SHA-256-UNIQ", "HT-SHA-256-EXPR", "HT-SHA-256-ENDP"],
  },
  channelBindings: ["tls-server-end-point", "tls-exporter"],
  proof: "true",
  listsManagementAgain: true,
};
export const OLD_STREAM: Resume = { id: "old", inbound: 41, jid: `${ALICE}/Alcove~scripted` };

export class Stage {
  readonly server: ScriptedServer;
  readonly runtime: LinkRuntime;
  readonly #port: number;
  readonly #folder: string;

  private constructor(port: number, folder: string, server: ScriptedServer, runtime: LinkRuntime) {
    this.#port = port;
    this.#folder = folder;
    this.server = server;
    this.runtime = runtime;
  }

  static async set(port: number): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), "alcove-one-step-"));
    const authority = await makeAuthority(folder);
    const files = await issueCertificate(authority, { folder, file: "localhost", names: ["localhost"] });
    const server = await startScriptedServer(port, files, "tls");
    return new Stage(port, folder, server, await startLinkRuntime(authority.certificate));
  }

  async strike(): Promise<void> {
    await this.runtime.dispose();
    await this.server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  opening(credentials: Opening["credentials"] = password()): Opening {
    return {
      settings: {
        account: ALICE,
        resource: "alcove",
        userAgent: AGENT,
        endpoints: { localhost: `tls://localhost:${this.#port}` },
        allowedDomains: [],
      },
      credentials,
    };
  }

  async enter(credentials?: Opening["credentials"], resume?: Resume): Promise<Entered> {
    const result = await this.runtime.negotiate({ ...this.opening(credentials), ...(resume && { resume }) });
    assert.ok(result.ok, JSON.stringify(result));
    return result.value;
  }

  /** `kind: detail` of the failure. */
  async refused(credentials?: Opening["credentials"], resume?: Resume): Promise<string> {
    const result = await this.runtime.negotiate({ ...this.opening(credentials), ...(resume && { resume }) });
    return result.ok ? "none" : `${result.error.kind}: ${result.error.detail ?? ""}`;
  }

  async tokenOf(script: Script): Promise<Keys> {
    this.server.play(script);
    const { keys } = await this.enter();
    assert.ok(keys?.kind === "fast");
    return keys;
  }

  /** Names of the elements that were heard, in order. */
  heard(): readonly string[] {
    return this.server.heard.map((element) => element.getName());
  }
}

export function password(more: { readonly plain?: boolean; readonly password?: string } = {}): Opening["credentials"] {
  return { kind: "password", password: PASSWORD, plain: false, ...more };
}

export const nextAttempt = (token: Keys): Keys => ({ ...token, count: Number(token["count"]) + 1 });
