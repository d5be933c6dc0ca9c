/** What the operator of a deployment asks of it (`npm run accounts`), and what it answers. No page uses any of this. */
import type { BareJid, Time } from "./names.ts";

/** One account as its own object tells of it. */
export type AccountOverview = {
  readonly account: BareJid;
  /** The platform's id of the object; on one's own server the name of its file. */
  readonly object: string;
  /** Signed in, and of these with a live socket. */
  readonly browsers: number;
  readonly attached: number;
  /** When a browser last came or left. */
  readonly lastSeen?: Time;
  readonly stayOnline: boolean;
  /** When its alarm rings; missing where none is armed. */
  readonly alarmAt?: Time;
  /** Of its database. */
  readonly bytes: number;
};

/** Behind which row of which table an export goes on. */
export type ExportPlace = { readonly table: string; readonly after: readonly (string | number)[] };

export type ExportedRow = { readonly table: string; readonly row: Readonly<Record<string, unknown>> };

/** `next` is missing in the last page. */
export type ExportPage = { readonly rows: readonly ExportedRow[]; readonly next?: ExportPlace };

/** What the gatekeeper has counted on one day (UTC, `2026-11-27`): tries to sign in by how they ended. */
export type DayCounts = { readonly day: string } & Readonly<
  Record<"proved" | "wrong" | "failed" | "refused" | "newAccounts", number>
>;

/** One that was made. Its link is made of its id and NAME_SECRET, which the operator has. */
export type OperatorsInvitation = {
  readonly id: string;
  /** How many accounts may come by it, and how many have. */
  readonly uses: number;
  readonly used: number;
  readonly made: Time;
  readonly ends: Time;
  readonly takenBack: boolean;
  /** The only account that it is for, or the domain. */
  readonly address?: BareJid;
  readonly domain?: string;
};

/** A link for a thousand people, or for two years, is an open door. */
export const INVITATION_MOST = { uses: 1_000, days: 366 } as const;

export type DeploymentCounts = {
  /** Accounts that have signed in here and were not deleted. */
  readonly accounts: number;
  /** The newest day first. */
  readonly days: readonly DayCounts[];
};

/** Arguments and answer of each command; its name is the last part of the path. */
export type OperatorCommands = {
  /** A page of accounts; `after` is the `next` of the page before. `silent`: objects that did not answer. */
  readonly list: (args: { readonly after?: string }) => {
    readonly accounts: readonly AccountOverview[];
    readonly silent: number;
    readonly next?: string;
  };
  /** A round of the watchman, as the platform's timer starts it: how many were looked at, and how many had to be woken. */
  readonly look: (args: Readonly<Record<string, never>>) => { readonly looked: number; readonly woken: number };
  readonly counters: (args: Readonly<Record<string, never>>) => DeploymentCounts;
  /** Let somebody in. Fails with `too-large` where there are hundreds already. */
  readonly invite: (args: {
    readonly address?: string;
    readonly domain?: string;
    readonly uses: number;
    readonly days: number;
  }) => { readonly id: string; readonly ends: Time };
  readonly invitations: (args: Readonly<Record<string, never>>) => {
    readonly invitations: readonly OperatorsInvitation[];
  };
  /** `takenBack` false: there is none of that id, or it was taken back before. */
  readonly uninvite: (args: { readonly id: string }) => { readonly takenBack: boolean };
  readonly overview: (args: { readonly address: string }) => AccountOverview;
  readonly export: (args: { readonly address: string; readonly from?: ExportPlace }) => ExportPage;
  readonly delete: (args: { readonly address: string }) => { readonly deleted: true };
  /** `restored` false: the runtime keeps no history of objects, as one's own server. */
  readonly restore: (args: { readonly address: string; readonly to: Time }) => { readonly restored: boolean };
};

export type OperatorCommand = keyof OperatorCommands;

/** What the lost call says that ended with its object, as it should. */
export const ENDINGS = { erased: "deleted by the operator", rewound: "brought back by the operator" } as const;
