/**
 * Invitations to a deployment: its operator lets somebody in without opening the door to their domain. They have nothing to
 * do with being asked into a room (`invite` of the calls), nor with invitations of an XMPP server, which make an account
 * there (XEP-0401, XEP-0445).
 */
import type { BareJid, Time } from "./names.ts";

/**
 * Why one lets nobody in, the `detail` of the failure `invitation`. `in-use`: as many as it has places are signing in with it
 * at this moment. `unknown`: it was not made by this deployment.
 */
export const INVITATION_REFUSALS = ["used-up", "over", "taken-back", "for-another", "in-use", "unknown"] as const;
export type InvitationRefusal = (typeof INVITATION_REFUSALS)[number];

/** `POST /api/invitation`, by whoever has the link. */
export type InvitationArguments = { readonly invitation: string };

/** One that lets somebody in: whoever has it, or this account, or accounts of this domain. */
export type InvitationView = { readonly address?: BareJid; readonly domain?: string; readonly ends: Time };
