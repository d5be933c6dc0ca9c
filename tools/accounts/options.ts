/** What `npm run accounts` is told on its command line. */
import { parseArgs } from "node:util";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import { parseBareJid } from "../../worker/shared/jid.ts";
import { refuse, type Said, so } from "../deploy/said.ts";

export const HELP = `npm run accounts -- list                       every account: browsers, when it was seen, size
                    counters                   tries to sign in by day and how they ended; no addresses
                    export ADDRESS [FILE]      all that is kept of it, as lines of JSON; FILE: else to the terminal
                    delete ADDRESS             wipes it here; its browsers are signed out. --yes: without a question
                    restore ADDRESS --to TIME  back to what was kept then ("2026-11-26T18:00:00Z", at most 30 days ago)
Which deployment: the one whose copy of NAME_SECRET lies in .deployments/ (--name NAME, --folder FOLDER), or any by
  --url https://chat.example.org --secret FILE    a copy of NAME_SECRET, or the secrets.env of one's own server
NAME_SECRET and ALCOVE_URL in the environment say the same. See docs/operating.md.`;

/** How long objects' history is kept on the platform. */
const HISTORY_MS = 30 * 24 * 60 * 60_000;

type Command = { readonly kind: "help" } | Asked;
/** What a deployment is asked for. */
export type Asked =
  | { readonly kind: "list" }
  | { readonly kind: "counters" }
  | { readonly kind: "export"; readonly address: BareJid; readonly file: string | undefined }
  | { readonly kind: "delete"; readonly address: BareJid; readonly agreed: boolean }
  | { readonly kind: "restore"; readonly address: BareJid; readonly to: Time; readonly agreed: boolean };

export type Options = {
  readonly command: Command;
  readonly name: string | undefined;
  readonly folder: string | undefined;
  readonly url: string | undefined;
  readonly secretFile: string | undefined;
};

const DEFINITIONS = {
  name: { type: "string" },
  folder: { type: "string" },
  url: { type: "string" },
  secret: { type: "string" },
  to: { type: "string" },
  yes: { type: "boolean" },
  help: { type: "boolean" },
} as const;

export function readOptions(args: readonly string[], now: Time): Said<Options> {
  const parsed = parsedArgs(args);
  if (parsed.kind === "refuse") return parsed;
  const { values, positionals } = parsed.value;
  const command = commandIn(values.help ? ["help"] : positionals, values, now);
  if (command.kind === "refuse") return command;
  const { name, folder, url, secret: secretFile } = values;
  return so({ command: command.value, name, folder, url, secretFile });
}

function parsedArgs(args: readonly string[]) {
  try {
    return so(parseArgs({ args: [...args], options: DEFINITIONS, allowPositionals: true }));
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
  }
}

type Flags = { readonly to?: string | undefined; readonly yes?: boolean | undefined };

function commandIn([kind = "help", typed, file, ...more]: readonly string[], flags: Flags, now: Time): Said<Command> {
  const unknown = more[0] ?? (kind === "export" ? undefined : file);
  if (unknown !== undefined) return refuse(`"${unknown}" is not understood.\n${HELP}`);
  switch (kind) {
    case "help":
    case "list":
    case "counters":
      return typed === undefined ? so({ kind }) : refuse(`"${typed}" is not understood.\n${HELP}`);
    case "export":
    case "delete":
    case "restore": {
      const address = parseBareJid(typed ?? "");
      if (address === undefined) return refuse(`${kind} wants the address of an account, as alice@example.org.`);
      const agreed = flags.yes === true;
      if (kind === "export") return so({ kind, address, file });
      if (kind === "delete") return so({ kind, address, agreed });
      const to = Date.parse(flags.to ?? "");
      if (!(to < now && to > now - HISTORY_MS))
        return refuse('restore wants a time within the last 30 days: --to "2026-11-26T18:00:00Z".');
      return so({ kind, address, to, agreed });
    }
    default:
      return refuse(`"${kind}" is not understood.\n${HELP}`);
  }
}
