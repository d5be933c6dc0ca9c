/** A password typed in a terminal: it does not appear there. */
import { isInteractive } from "../provide.ts";

const [ENTER, ENTER_OF_OTHERS, END, INTERRUPT, BACKSPACE, DELETE] = ["\r", "\n", "\u0004", "\u0003", "\b", "\u007f"];

/** Where it is asked for and typed. */
export type Terminal = { readonly stdin: NodeJS.ReadStream; readonly stderr: Pick<NodeJS.WriteStream, "write"> };

/** Undefined where nobody can be asked, or nobody answers. */
export async function askPassword(question: string): Promise<string | undefined> {
  return isInteractive() ? askUnseen(question, process) : undefined;
}

/** The terminal shows nothing of what is typed from before the question stands there: whoever answers it may be quick. */
export async function askUnseen(question: string, { stdin, stderr }: Terminal): Promise<string | undefined> {
  stdin.setRawMode(true);
  try {
    stdin.setEncoding("utf8");
    const answer = typed(stdin);
    stdin.resume();
    // Not among the findings, which may go into a file.
    stderr.write(question);
    return await answer;
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write("\n");
  }
}

function typed(input: NodeJS.ReadStream): Promise<string | undefined> {
  return new Promise((resolve) => {
    let characters: string[] = [];
    const end = (answer: string | undefined): void => {
      input.off("data", read);
      resolve(answer);
    };
    const read = (chunk: string): void => {
      for (const character of chunk) {
        if (character === BACKSPACE || character === DELETE) characters = characters.slice(0, -1);
        else if (character === ENTER || character === ENTER_OF_OTHERS) end(characters.join(""));
        else if (character === END || character === INTERRUPT) end(undefined);
        else characters.push(character);
      }
    };
    input.on("data", read);
  });
}
