/** What is said of one browser handing its texts to another one, and what may be done about it. */
import type { Handover, HandoverAct, HandoverState } from "../engine/protocol/account.ts";
import { plural, text } from "../i18n/aside.ts";
import { numberText } from "../i18n/text.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";

type Told = Handover & { readonly name?: string };

/** It goes on by itself, now or when something is there again: nobody has to be told aloud. */
export function isQuiet(state: HandoverState): boolean {
  switch (state) {
    case "waiting":
    case "going":
    case "paused":
    case "paused-there":
    case "away":
    case "full":
      return true;
    default:
      return false;
  }
}

/** One line. */
export function handoverWords({ role, state, name: called, done, of, gaps }: Told): string {
  const name = called ?? text("handover--other");
  const values = { name, done: numberText(done), of: numberText(Math.max(of, done + gaps)) };
  if (state === "finished") return finishedWords(role, name, done, gaps);
  return text(`handover--${role}-${state}`, values);
}

function finishedWords(role: Handover["role"], name: string, done: number, gaps: number): string {
  const came = plural(`handover--${role}-finished`, done, { name });
  return gaps === 0 ? came : `${came} ${plural(`handover--${role}-gaps`, gaps, { name })}`;
}

/** In their order. */
export function actsOf({ state }: Handover): readonly HandoverAct[] {
  switch (state) {
    case "going":
    case "waiting":
    case "away":
    case "paused-there":
      return ["pause", "cancel"];
    case "paused":
    case "full":
      return ["resume", "cancel"];
    case "cancelled":
      return ["resume"];
    case "finished":
    case "cancelled-there":
    case "left":
    case "nothing":
      return [];
    default:
      return missingCase(state);
  }
}
