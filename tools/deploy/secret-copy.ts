/** NAME_SECRET on its way: where it comes from, whether a copy of it is here, and whether that copy tells the truth. */
import { readFile } from "node:fs/promises";
import { newSecret } from "../secrets-file.ts";
import { say } from "../step.ts";
import { dropPending, type Home, keepPending, readSecret, settlePending } from "./home.ts";
import type { Options } from "./options.ts";
import type { Person } from "./person.ts";
import { refuse, type Said, so } from "./said.ts";
import { type DeployedSecrets, decideSecrets, printOf } from "./secrets.ts";

export type Prepared = {
  /** These go up with the code. */
  readonly upload: Readonly<Record<string, string>>;
  /** Of the NAME_SECRET that the Worker has afterwards, where that is known. */
  readonly print: string | undefined;
  /** After the upload. @returns the path of the copy that is here, which is the deployed one; undefined: none is here */
  readonly settle: () => Promise<string | undefined>;
};

/** @param deployed undefined: no Worker of this name */
export async function prepareSecrets(
  deployed: DeployedSecrets | undefined,
  home: Home,
  options: Options,
  person: Person | undefined,
): Promise<Said<Prepared>> {
  const given = options.restore === undefined ? so(options.nameSecret) : await readGiven(options.restore);
  if (given.kind === "refuse") return given;
  await takeAlongOlder(deployed?.print, home);
  if (deployed?.names.includes("NAME_SECRET")) await compareCopies(deployed.print, home);
  const before = (await readSecret(home.pending)) ?? (deployed === undefined ? await readSecret(home.copy) : undefined);
  const decision = decideSecrets(deployed, {
    replace: options.replaceNameSecret,
    canKeep: person !== undefined || options.backup,
    ...(given.value !== undefined && { given: given.value }),
    ...(before !== undefined && { pending: before }),
  });
  if (decision.kind === "refuse") return decision;
  const upload: Record<string, string> = Object.fromEntries(decision.make.map((name) => [name, newSecret()]));
  if (decision.name !== undefined) upload["NAME_SECRET"] = decision.name;
  const nameSecret = upload["NAME_SECRET"];
  if (nameSecret !== undefined && decision.make.includes("NAME_SECRET")) {
    if (await isWanted(home, options, person)) await keepPending(home, nameSecret);
    else say("  No copy is kept.");
  }
  return so({
    upload,
    print: nameSecret === undefined ? deployed?.print : printOf(nameSecret),
    settle: async () => {
      const pending = await readSecret(home.pending);
      if (pending !== undefined && pending === nameSecret) await settlePending(home);
      else if (nameSecret !== undefined) await dropPending(home);
      return (await readSecret(home.copy)) === undefined ? undefined : home.copy;
    },
  });
}

async function isWanted(home: Home, options: Options, person: Person | undefined): Promise<boolean> {
  say(`
This deployment gets a NAME_SECRET, by which every account's object is found. Cloudflare keeps it with the Worker and shows
it to nobody. A Worker that loses it finds no account any more, and gets it back from a copy alone. (A Worker that is deleted
takes the accounts with it; no copy helps then.)`);
  if (options.backup || person === undefined) return true;
  return person.agrees(`Keep a copy in ${home.copy} (readable by you only)?`);
}

/** A copy that an earlier release made is pending as any other whose end nobody saw; the file stays where it is. */
async function takeAlongOlder(print: string | undefined, home: Home): Promise<void> {
  const [older, pending, copy] = await Promise.all([home.older, home.pending, home.copy].map(readSecretAt));
  if (older === undefined || (pending ?? copy) !== undefined) return;
  if (print !== undefined && print !== printOf(older)) {
    say(`${home.older} is NOT the NAME_SECRET of this deployment. Move it to where it belongs.`);
    return;
  }
  await keepPending(home, older);
  say(
    `The copy of NAME_SECRET in ${home.older} is taken along to ${home.folder}. Delete the old file once all went well.`,
  );
}

const readSecretAt = async (path: string | undefined) => path && readSecret(path);

/** An upload whose end nobody saw may have come through: then the pending one is the copy. One that is another's is none. */
async function compareCopies(print: string | undefined, home: Home): Promise<void> {
  const [pending, copy] = [await readSecret(home.pending), await readSecret(home.copy)];
  if (pending !== undefined) {
    if (print === undefined) say(`Whether ${home.pending} is the deployed NAME_SECRET cannot be seen.`);
    else if (print === printOf(pending)) await settlePending(home);
    else await dropPending(home);
  }
  if (copy !== undefined && print !== undefined && print !== printOf(copy) && print !== printOf(pending ?? ""))
    say(`${home.copy} is NOT the NAME_SECRET of this deployment. Move it to where it belongs.`);
}

async function readGiven(path: string): Promise<Said<string | undefined>> {
  try {
    return so((await readFile(path, "utf8")).trim());
  } catch (error) {
    return refuse(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
