/** What `npm run accounts` is told on its command line. */
import { parseArgs } from "node:util";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import { INVITATION_MOST } from "../../worker/contract/operator.ts";
import { normaliseDomain } from "../../worker/shared/domains.ts";
import { isInvitationId } from "../../worker/shared/invitation-token.ts";
import { parseBareJid } from "../../worker/shared/jid.ts";
import { refuse, type Said, so } from "../deploy/said.ts";

export const HELP = `npm run accounts -- list                       every account: browsers, when it was seen, size
                    counters                   tries to sign in by day and how they ended; no addresses
                    export ADDRESS [FILE]      all that is kept of it, as lines of JSON; FILE: else to the terminal
                    delete ADDRESS             wipes it here; its browsers are signed out. --yes: without a question
                    restore ADDRESS --to TIME  back to what was kept then ("2026-11-26T18:00:00Z", at most 30 days ago)
                    invite                     a link by which one account may come, whatever its domain
                      --for ADDRESS, --domain DOMAIN: that one alone; --uses 1: so many; --days 7: for so long
                    invitations                which there are and how far they are used; --links: with their links
                    uninvite ID                takes one back; whoever came by it stays
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
  | {
      readonly kind: "invite";
      readonly address: BareJid | undefined;
      readonly domain: string | undefined;
      readonly uses: number;
      readonly days: number;
    }
  | { readonly kind: "invitations"; readonly links: boolean }
  | { readonly kind: "uninvite"; readonly id: string }
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
  for: { type: "string" },
  domain: { type: "string" },
  uses: { type: "string" },
  days: { type: "string" },
  links: { type: "boolean" },
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

type Flags = Partial<Readonly<Record<"to" | "for" | "domain" | "uses" | "days", string | undefined>>> &
  Partial<Readonly<Record<"yes" | "links", boolean | undefined>>>;

function commandIn([kind = "help", typed, file, ...more]: readonly string[], flags: Flags, now: Time): Said<Command> {
  const unknown = more[0] ?? (kind === "export" ? undefined : file);
  if (unknown !== undefined) return refuse(`"${unknown}" is not understood.\n${HELP}`);
  switch (kind) {
    case "help":
    case "list":
    case "counters":
    case "invitations":
    case "invite":
      if (typed !== undefined) return refuse(`"${typed}" is not understood.\n${HELP}`);
      if (kind === "invite") return invitationIn(flags);
      return so(kind === "invitations" ? { kind, links: flags.links === true } : { kind });
    case "uninvite":
      if (typed !== undefined && isInvitationId(typed)) return so({ kind, id: typed });
      return refuse("uninvite wants the id of an invitation, as npm run accounts -- invitations shows it.");
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

const DOMAIN = /^(?!-)[\p{L}\p{N}.-]+$/u;

function invitationIn({ for: whose, domain: named, uses: typedUses = "1", days: typedDays = "7" }: Flags): Said<Asked> {
  const [address, domain] = [whose === undefined ? undefined : parseBareJid(whose), named && normaliseDomain(named)];
  if (whose !== undefined && address === undefined)
    return refuse("--for wants the address of an account, as alice@example.org.");
  if (domain !== undefined && !DOMAIN.test(domain)) return refuse("--domain wants a domain, as example.org.");
  if (address !== undefined && domain !== undefined) return refuse("--for or --domain, not both.");
  const uses = countIn(typedUses, INVITATION_MOST.uses);
  const days = countIn(typedDays, INVITATION_MOST.days);
  if (uses === undefined) return refuse(`--uses wants a number from 1 to ${INVITATION_MOST.uses}.`);
  if (days === undefined) return refuse(`--days wants a number from 1 to ${INVITATION_MOST.days}.`);
  if (address !== undefined && uses > 1) return refuse("--for one account there is one use.");
  return so({ kind: "invite", address, domain, uses, days });
}

function countIn(text: string, most: number): number | undefined {
  const count = Number(text);
  return /^\d+$/.test(text) && count >= 1 && count <= most ? count : undefined;
}
