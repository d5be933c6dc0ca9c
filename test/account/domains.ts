/** Many domains on one Prosody, each with a peculiarity of its own, all reached at `localhost`. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type CertificateFiles,
  issueCertificate,
  makeAuthority,
  selfSignedCertificate,
} from "../xmpp-server/certificates.ts";

/** Domain → its own lines of Prosody configuration. */
export type Domains = Readonly<Record<string, string>>;

export type StagedDomains = {
  readonly domains: Domains;
  /** PEM of the authority behind those certificates that are right. */
  readonly authority: string;
  readonly unvouched: CertificateFiles;
};

/** Lines for a server with no way of signing in but the password itself. */
export const PLAIN_ONLY = `disable_sasl_mechanisms = { "SCRAM-SHA-1", "SCRAM-SHA-256", "DIGEST-MD5" }`;
/** These load PEP by themselves. */
const NO_PEP = `modules_disabled = { "pep", "bookmarks", "vcard4", "vcard_legacy", "s2s" }`;

/** Makes the certificates in `folder`. */
export async function stageDomains(folder: string): Promise<StagedDomains> {
  const authority = await makeAuthority(join(folder, "trusted"));
  const request = (file: string, names: readonly string[]) => ({ folder, file, names });
  const right = await issueCertificate(authority, request("right", ["localhost"]));
  const wrongName = await issueCertificate(authority, request("wrong-name", ["elsewhere.test"]));
  const expired = await issueCertificate(authority, { ...request("expired", ["localhost"]), expired: true });
  const unvouched = await selfSignedCertificate(request("unvouched", ["localhost"]));
  const domains: Domains = {
    "wrong-name.test": shows(wrongName),
    "expired.test": shows(expired),
    "unvouched.test": shows(unvouched),
    "plain.test": `${shows(right)}\n${PLAIN_ONLY}`,
    "plain-in-clear.test": `${shows(right)}\n${PLAIN_ONLY}`,
    "changing.test": shows(right),
    "no-pep.test": `${shows(right)}\n${NO_PEP}`,
    "refused-here.test": shows(right),
  };
  return { domains, authority: authority.certificate, unvouched };
}

export function configOf(domains: Domains): string {
  return Object.entries(domains)
    .map(([domain, lines]) => `VirtualHost "${domain}"\n${lines}\n`)
    .join("");
}

/** alice at one of the domains of the server whose state this is. */
export async function giveAccount(state: string, domain: string, password: string): Promise<void> {
  const accounts = join(state, "data", domain.replaceAll("-", "%2d").replaceAll(".", "%2e"), "accounts");
  await mkdir(accounts, { recursive: true });
  await writeFile(join(accounts, "alice.dat"), `return { ["password"] = "${password}" };\n`);
}

function shows({ certificate, key }: CertificateFiles): string {
  return `ssl = { certificate = "${certificate}", key = "${key}" }`;
}
