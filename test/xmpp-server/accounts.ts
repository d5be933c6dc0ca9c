/**
 * Accounts and rosters written straight into Prosody's `internal` storage: one Lua file per user and store, so that an
 * account needs no running server, no `prosodyctl` and no client.
 */
import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

export type Account = { readonly name: string; readonly password: string };

const HOST = "localhost";

/**
 * Makes the account unless it exists. Prosody replaces a password in clear by SCRAM keys at its first use
 * (`mod_auth_internal_hashed`), with whatever hash the configuration names.
 */
export async function writeAccount(state: string, account: Account): Promise<void> {
  await writeOnce(state, "accounts", account.name, `return { ["password"] = ${luaString(account.password)} };\n`);
}

/** Another password for an account, as somebody would set it while the server is down. */
export async function replacePassword(state: string, { name, password }: Account): Promise<void> {
  const path = join(state, "data", encodeName(HOST), "accounts", `${encodeName(name)}.dat`);
  await writeFile(path, `return { ["password"] = ${luaString(password)} };\n`, { mode: 0o600 });
}

/** Makes every account a contact of every other, in both directions (RFC 6121 §2.1.2.5 `both`). */
export async function writeFriendships(state: string, accounts: readonly Account[]): Promise<void> {
  for (const { name } of accounts) {
    const items = accounts
      .filter((other) => other.name !== name)
      .map((other) => `  [${luaString(`${other.name}@${HOST}`)}] = { subscription = "both", groups = {} },\n`);
    const text = `return {\n  [false] = { version = 1, pending = {} },\n${items.join("")}};\n`;
    await writeOnce(state, "roster", name, text);
  }
}

/** Another roster for an account without a session, with that many contacts in three groups each. */
export async function writeLargeRoster(state: string, name: string, contacts: number): Promise<void> {
  const items = Array.from({ length: contacts }, (_, n) => {
    const jid = luaString(`contact-number-${n}@somewhere.example`);
    return `  [${jid}] = { subscription = "both", name = "Contact number ${n}", groups = { a${n % 7} = true, b = true, c = true } },\n`;
  });
  const folder = join(state, "data", encodeName(HOST), "roster");
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, `${encodeName(name)}.dat`),
    `return {\n  [false] = { version = 1, pending = {} },\n${items.join("")}};\n`,
  );
}

/** Prosody itself goes on writing these files: what is there already is its own. */
async function writeOnce(state: string, store: string, name: string, text: string): Promise<void> {
  const folder = join(state, "data", encodeName(HOST), store);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${encodeName(name)}.dat`);
  const exists = await stat(path).then(
    () => true,
    () => false,
  );
  if (!exists) await writeFile(path, text, { mode: 0o600 });
}

/** `util.datamanager`: every byte but ASCII letters and digits becomes `%xx`. */
function encodeName(name: string): string {
  let encoded = "";
  for (const byte of new TextEncoder().encode(name)) {
    const character = String.fromCharCode(byte);
    encoded += /[A-Za-z0-9]/.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
  }
  return encoded;
}

/** A Lua string in which every byte outside printable ASCII, quotes and backslashes are decimal escapes. */
function luaString(text: string): string {
  let escaped = "";
  for (const byte of new TextEncoder().encode(text)) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    escaped += plain ? String.fromCharCode(byte) : `\\${`${byte}`.padStart(3, "0")}`;
  }
  return `"${escaped}"`;
}
