/** The secrets of this machine's own Worker: made once, then kept, for the objects are named by one of them. */
import { randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";

const SECRET_BYTES = 32;

/** @returns 32 random bytes, base64url. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

/** The lines of a file of secrets as wrangler reads it. */
export function secretLines(secrets: Readonly<Record<string, string>>): string {
  return Object.entries(secrets)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

/**
 * Makes the file with NAME_SECRET and COOKIE_SECRET unless it is there. What is there is never changed; a missing
 * line is added.
 * @returns whether it was made new.
 */
export async function keepSecrets(path: string): Promise<boolean> {
  const before = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  const missing = ["NAME_SECRET", "COOKIE_SECRET"].filter((name) => !hasLine(before ?? "", name));
  if (missing.length === 0) return false;
  const added = secretLines(Object.fromEntries(missing.map((name) => [name, newSecret()])));
  const start = before === undefined || before.endsWith("\n") || before === "" ? (before ?? "") : `${before}\n`;
  await writeFile(path, start + added, { mode: 0o600 });
  await chmod(path, 0o600);
  return before === undefined;
}

function hasLine(text: string, name: string): boolean {
  return text.split("\n").some((line) => line.startsWith(`${name}=`) && line.length > name.length + 1);
}
