import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type CertificateFiles, issueCertificate, makeAuthority, selfSignedCertificate } from "./certificates.ts";

let folder: string;
let authority: CertificateFiles;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "alcove-certificates-"));
  authority = await makeAuthority(folder);
});

after(() => rm(folder, { recursive: true, force: true }));

async function read(files: CertificateFiles): Promise<X509Certificate> {
  return new X509Certificate(await readFile(files.certificate));
}

test("the authority signs a certificate for exactly the names asked for", async () => {
  const certificate = await read(await issueCertificate(authority, { folder, file: "good", names: ["localhost"] }));
  assert.equal(certificate.verify((await read(authority)).publicKey), true);
  assert.equal(certificate.checkHost("localhost"), "localhost");
  assert.equal(certificate.checkHost("elsewhere.example"), undefined);
  assert.ok(Date.parse(certificate.validTo) > Date.now());
});

test("an expired certificate is signed all the same, but over", async () => {
  const files = await issueCertificate(authority, { folder, file: "late", names: ["localhost"], expired: true });
  const certificate = await read(files);
  assert.equal(certificate.verify((await read(authority)).publicKey), true);
  assert.ok(Date.parse(certificate.validTo) < Date.now());
});

test("a self-signed one is vouched for by nobody", async () => {
  const certificate = await read(await selfSignedCertificate({ folder, file: "self", names: ["localhost"] }));
  assert.equal(certificate.verify((await read(authority)).publicKey), false);
});
