/** What stands at the end of a deployment: where it is, and what to do next. */
import { say } from "../step.ts";
import { qrLines } from "./qr.ts";
import { allowedInWords, type Settings, WORKERS_DEV } from "./settings.ts";

/** @param first nobody has signed in yet */
export function sayEnding(address: string, settings: Settings, first: boolean, copy: string | undefined): void {
  const { allowed = "", host } = settings;
  say(`\nDeployed: ${address}\n`);
  if (process.stdout.isTTY) say(`${qrLines(address).join("\n")}\n`);
  say(`Now ${allowedInWords(allowed)} (--allow says otherwise, with the next deployment).`);
  const steps = [
    ...(host === WORKERS_DEV ? [] : ["A new host name needs some minutes for its certificate."]),
    `npm run deploy -- --check ${address}   looks whether all is as it should be.`,
    ...(first
      ? [
          `Open ${address}, sign in with your XMPP address; then in a second browser, and allow it in the first.`,
          copy === undefined
            ? "No copy of NAME_SECRET is on this machine. If the Worker loses it, all accounts are lost."
            : `Put a copy of ${copy} where you keep what must not be lost.`,
        ]
      : ["Open pages load anew by themselves once nothing is unsent."]),
    "docs/operating.md says how to upgrade, to move and to take it down.",
  ];
  say(`Next:\n${steps.map((step) => `  - ${step}`).join("\n")}`);
}
