/** Whom the runtime trusts for certificates of other servers: the system's authorities, and files that the operator names. */
import { access, readFile } from "node:fs/promises";

/** Where workerd looks for the system's; it brings none of its own. */
const SYSTEM = ["/etc/ssl/certs", "/etc/pki/tls/certs", "/etc/ssl/cert.pem", "/etc/pki/ca-trust/extracted/pem"];

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The runtime trusts the first certificate of a text, so each one is a text. @throws in words where a file has none */
export async function readAuthorities(paths: readonly string[]): Promise<readonly string[]> {
  const lists = await Promise.all(
    paths.map(async (path) => {
      const found = certificatesIn(await readFile(path, "utf8"));
      if (found.length === 0) throw new Error(`${path} has no certificate in it (PEM, -----BEGIN CERTIFICATE-----).`);
      return found;
    }),
  );
  return lists.flat();
}

export function certificatesIn(text: string): readonly string[] {
  return (text.match(CERTIFICATE) ?? []).map((certificate) => `${certificate}\n`);
}

/** Whether this system has authorities; without them no XMPP server is trusted but those of `network.authorities`. */
export async function systemHasAuthorities(): Promise<boolean> {
  const found = await Promise.all(
    SYSTEM.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
