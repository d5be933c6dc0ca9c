/** The server's side of the mechanisms, for the scripted server: it knows the password, and the tokens it gave away. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

export const PASSWORD = "wonderland";
const SALT = Buffer.from("scripted salt 01");
const ITERATIONS = 4_096;
const SALT_BYTES = 16;
const SIZES = { sha512: 64, sha256: 32, sha1: 20 } as const;

/** What XEP-0474 hashes: what the client was shown, or more than that. */
export type OfferProof = {
  readonly kind: "true" | "tampered";
  readonly mechanisms: readonly string[];
  readonly channelBindings: readonly string[] | undefined;
};

type Step =
  | { readonly kind: "challenge"; readonly data: Buffer }
  | { readonly kind: "success"; readonly data: Buffer | undefined }
  | { readonly kind: "failure"; readonly condition: string };

export interface ServerMechanism {
  take(message: Buffer): Step;
}

const refused: Step = { kind: "failure", condition: "not-authorized" };

/** RFC 5802 from the other side. `freshSalt`: another one for each exchange, as where the password itself is stored. */
export function scramServer(mechanism: string, proof: OfferProof | undefined, freshSalt = false): ServerMechanism {
  const hash = mechanism.includes("512") ? "sha512" : mechanism.includes("256") ? "sha256" : "sha1";
  const salt = freshSalt ? randomBytes(SALT_BYTES) : SALT;
  const mac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
  const salted = pbkdf2Sync(PASSWORD, salt, ITERATIONS, SIZES[hash], hash);
  const clientKey = mac(salted, "Client Key");
  let [bare, serverFirst] = ["", ""];
  return {
    take(message) {
      const text = message.toString();
      if (serverFirst === "") {
        bare = text.replace(/^n,,/, "");
        const nonce = /r=([^,]+)/.exec(bare)?.[1] ?? "";
        const h = proof ? `,h=${hashOfOffer(hash, proof)}` : "";
        serverFirst = `r=${nonce}${randomBytes(9).toString("base64")},s=${salt.toString("base64")},i=${ITERATIONS}${h}`;
        return { kind: "challenge", data: Buffer.from(serverFirst) };
      }
      const [, withoutProof = "", given = ""] = /^(.*),p=([^,]+)$/.exec(text) ?? [];
      const auth = `${bare},${serverFirst},${withoutProof}`;
      const signature = mac(createHash(hash).update(clientKey).digest(), auth);
      const expected = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
      if (!expected.equals(Buffer.from(given, "base64"))) return refused;
      const own = mac(mac(salted, "Server Key"), auth).toString("base64");
      return { kind: "success", data: Buffer.from(`v=${own}`) };
    },
  };
}

export function plainServer(): ServerMechanism {
  return {
    take: (message) => (message.toString().endsWith(`\0${PASSWORD}`) ? { kind: "success", data: undefined } : refused),
  };
}

/** HT-SHA-256-NONE. `lies`: answers without knowing the token. */
export function tokenServer(tokens: readonly string[], lies: boolean, used: (token: string) => void): ServerMechanism {
  const mac = (token: string, text: string) => createHmac("sha256", token).update(text).digest();
  return {
    take(message) {
      const given = message.subarray(message.indexOf(0) + 1);
      const token = tokens.find((candidate) => mac(candidate, "Initiator").equals(given));
      if (lies) return { kind: "success", data: mac("something else", "Responder") };
      if (token === undefined) return refused;
      used(token);
      return { kind: "success", data: mac(token, "Responder") };
    },
  };
}

function hashOfOffer(hash: string, { kind, mechanisms, channelBindings }: OfferProof): string {
  const all = kind === "tampered" ? [...mechanisms, "SCRAM-SHA-512"] : mechanisms;
  const bindings = channelBindings ? `\x1F${[...channelBindings].sort().join("\x1E")}` : "";
  return createHash(hash)
    .update([...all].sort().join("\x1E") + bindings)
    .digest("base64");
}
