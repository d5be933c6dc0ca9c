/** Somebody in front of the terminal, who can be asked. */
import { createInterface } from "node:readline/promises";
import { isInteractive } from "../provide.ts";
import { say } from "../step.ts";
import type { Said } from "./said.ts";

export interface Person {
  /** Asks until `read` understands the answer; an empty one is `otherwise`, where there is one. */
  ask<T>(question: string, read: (answer: string) => Said<T>, otherwise?: string): Promise<T>;
  /** Only yes is yes. */
  agrees(question: string): Promise<boolean>;
  /** One of a list, by its number. */
  choose<T>(question: string, options: readonly (readonly [words: string, value: T])[]): Promise<T>;
}

/** Undefined where nobody can be asked. */
export function personHere(): Person | undefined {
  return isInteractive() ? { ask, agrees, choose } : undefined;
}

async function ask<T>(question: string, read: (answer: string) => Said<T>, otherwise?: string): Promise<T> {
  for (;;) {
    const typed = await answerTo(otherwise === undefined ? `${question} ` : `${question} [${otherwise}] `);
    const answer = read(typed.trim() === "" && otherwise !== undefined ? otherwise : typed);
    if (answer.kind === "so") return answer.value;
    say(`  Please say ${answer.words}`);
  }
}

async function agrees(question: string): Promise<boolean> {
  return /^\s*y(es)?\s*$/i.test(await answerTo(`${question} [y/N] `));
}

function choose<T>(question: string, options: readonly (readonly [words: string, value: T])[]): Promise<T> {
  for (const [at, [words]] of options.entries()) say(`  ${at + 1}. ${words}`);
  return ask(question, (typed) => {
    const chosen = options[Number(typed) - 1];
    const words = `a number from 1 to ${options.length}.`;
    return chosen === undefined ? { kind: "refuse", words } : { kind: "so", value: chosen[1] };
  });
}

/** An end of the input is nobody's answer: the command ends, and nothing was changed by it. */
async function answerTo(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  let end: () => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = () => reject(new Ended());
    terminal.once("close", end);
  });
  try {
    return await Promise.race([terminal.question(question), ended]);
  } finally {
    // This one alone: by the others the terminal lets go of the keyboard.
    terminal.off("close", end);
    terminal.close();
  }
}

/** Ctrl-D or Ctrl-C at a question. */
export class Ended extends Error {}
