/**
 * Certificates for servers on loopback, made on the spot with `openssl`: an authority, certificates it signs, and the
 * kinds that a client has to refuse.
 */
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const AUTHORITY_DAYS = 3_650;
const CERTIFICATE_DAYS = 825;

/** Paths of a PEM certificate and its PEM private key. */
export type CertificateFiles = { readonly certificate: string; readonly key: string };

export type CertificateRequest = {
  /** Folder that receives `<file>.crt` and `<file>.key`; made if missing. */
  readonly folder: string;
  readonly file: string;
  /** DNS names it is good for (subjectAltName). */
  readonly names: readonly string[];
  /** Its time was over yesterday. */
  readonly expired?: boolean;
};

/**
 * Makes `ca.crt` and `ca.key` in `folder`.
 * @throws when `openssl` is missing or fails.
 */
export async function makeAuthority(folder: string): Promise<CertificateFiles> {
  await mkdir(folder, { recursive: true });
  const files = { certificate: join(folder, "ca.crt"), key: join(folder, "ca.key") };
  await run("openssl", [
    ...["req", "-x509", ...newKey(files.key), "-out", files.certificate, "-days", `${AUTHORITY_DAYS}`],
    ...["-subj", "/CN=Alcove loopback authority", "-addext", "keyUsage=critical,keyCertSign,cRLSign"],
  ]);
  return files;
}

/** Makes a server certificate signed by `authority`. The names decide for whom it is right or wrong. */
export async function issueCertificate(
  authority: CertificateFiles,
  request: CertificateRequest,
): Promise<CertificateFiles> {
  const files = await filesOf(request);
  const signing = `${files.key}.csr`;
  await run("openssl", [
    ...["req", "-new", ...newKey(files.key), "-out", signing, "-subj", subject(request)],
    ...["-addext", alternativeNames(request), "-addext", "basicConstraints=CA:FALSE"],
  ]);
  await run("openssl", [
    ...["x509", "-req", "-in", signing, "-CA", authority.certificate, "-CAkey", authority.key, "-CAcreateserial"],
    ...["-copy_extensions", "copy", "-out", files.certificate, "-days", days(request)],
  ]);
  return files;
}

/** Makes a server certificate that nobody vouches for. */
export async function selfSignedCertificate(request: CertificateRequest): Promise<CertificateFiles> {
  const files = await filesOf(request);
  await run("openssl", [
    ...["req", "-x509", ...newKey(files.key), "-out", files.certificate, "-days", days(request)],
    ...["-subj", subject(request), "-addext", alternativeNames(request)],
  ]);
  return files;
}

async function filesOf(request: CertificateRequest): Promise<CertificateFiles> {
  await mkdir(request.folder, { recursive: true });
  const path = join(request.folder, request.file);
  return { certificate: `${path}.crt`, key: `${path}.key` };
}

function newKey(path: string): readonly string[] {
  return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path];
}

function subject(request: CertificateRequest): string {
  return `/CN=${request.names[0] ?? request.file}`;
}

function alternativeNames(request: CertificateRequest): string {
  return `subjectAltName=${request.names.map((name) => `DNS:${name}`).join(",")}`;
}

/** A negative number of days puts the end before the beginning: expired from the start. */
function days(request: CertificateRequest): string {
  return request.expired === true ? "-1" : `${CERTIFICATE_DAYS}`;
}
