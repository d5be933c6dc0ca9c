/** `npm run accounts -- invite`, `invitations`, `uninvite`: one person is let in, and no door is opened to their domain. */
import type { Time } from "../../worker/contract/names.ts";
import type { OperatorsInvitation } from "../../worker/contract/operator.ts";
import { qrLines } from "../deploy/qr.ts";
import { refuse, type Said, so } from "../deploy/said.ts";
import { say } from "../step.ts";
import type { Operator } from "./operator.ts";
import type { Asked } from "./options.ts";

const LOCAL = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::|$)/;
const MINUTES_LENGTH = "2026-11-27T18:00".length;

export async function invite(operator: Operator, command: Asked & { kind: "invite" }): Promise<Said<undefined>> {
  const { address, domain, uses, days } = command;
  const whom = { ...(address !== undefined && { address }), ...(domain !== undefined && { domain }) };
  const made = await operator.ask("invite", { ...whom, uses, days });
  if (made.kind === "refuse") return made;
  const { id, ends } = made.value;
  const link = await operator.invitationLink(id);
  say(`${link}\n`);
  if (process.stdout.isTTY) say(`${qrLines(link).join("\n")}\n`);
  say(`Invitation ${id}, until ${minutes(ends)}: ${whomInWords({ uses, ...whom })}.
${address === undefined ? "Whoever has the link comes in by it: send it where nobody else reads it." : "To everybody else the link is of no use; it tells them the address."}
Whoever came stays let in; npm run accounts -- uninvite ${id} takes the link back.`);
  if (LOCAL.test(operator.origin)) say(`People reach it by another address: put that in place of ${operator.origin}.`);
  return so(undefined);
}

export async function listInvitations(operator: Operator, links: boolean): Promise<Said<undefined>> {
  const answer = await operator.ask("invitations", {});
  if (answer.kind === "refuse") return answer;
  const now = Date.now();
  for (const invitation of answer.value.invitations) {
    say(invitationLine(invitation, now));
    if (links && isOpen(invitation, now)) say(`  ${await operator.invitationLink(invitation.id)}`);
  }
  const open = answer.value.invitations.filter((one) => isOpen(one, now)).length;
  say(`${answer.value.invitations.length} invitations, ${open} of them open.`);
  return so(undefined);
}

export async function uninvite(operator: Operator, id: string): Promise<Said<undefined>> {
  const answer = await operator.ask("uninvite", { id });
  if (answer.kind === "refuse") return answer;
  if (!answer.value.takenBack) return refuse(`There is no invitation ${id} to take back.`);
  say(`${id} lets nobody in any more. Whoever came by it stays: delete ADDRESS puts an account out.`);
  return so(undefined);
}

/** One line of the list: what it is for, how far it is used, until when. */
function invitationLine(invitation: OperatorsInvitation, now: Time): string {
  const { id, used, uses, ends, takenBack } = invitation;
  const state = takenBack
    ? "taken back"
    : used >= uses
      ? "used up"
      : now >= ends
        ? `over since ${minutes(ends)}`
        : `until ${minutes(ends)}`;
  return `${id}  ${used} of ${uses} used, ${state}; ${whomInWords(invitation)}`;
}

function isOpen({ used, uses, ends, takenBack }: OperatorsInvitation, now: Time): boolean {
  return !takenBack && used < uses && now < ends;
}

function whomInWords({ address, domain, uses }: Pick<OperatorsInvitation, "address" | "domain" | "uses">): string {
  if (address !== undefined) return `for ${address}`;
  const who = domain === undefined ? "whatever its domain" : `of ${domain}`;
  return uses === 1 ? `for one account, ${who}` : `for ${uses} accounts, ${who}`;
}

function minutes(time: Time): string {
  return `${new Date(time).toISOString().slice(0, MINUTES_LENGTH).replace("T", " ")} UTC`;
}
