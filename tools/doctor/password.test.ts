/** The password in front of a terminal that a test looks at: what it is told, in which order. */
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { askUnseen } from "./password.ts";

const QUESTION = "Password of alice@example.org: ";

/** Somebody who answers as soon as the question stands there; `shown`: what a terminal would have shown of it. */
function terminalWith(answer: string) {
  const happened: string[] = [];
  let shown = "";
  let raw = false;
  const input = new PassThrough();
  const stdin = Object.assign(input, {
    setRawMode: (on: boolean) => {
      raw = on;
      happened.push(on ? "silent" : "shows");
    },
  });
  const type = (text: string) => {
    if (!raw) shown += text;
    input.write(text);
  };
  const stderr = {
    write: (text: string) => {
      happened.push(text);
      if (text === QUESTION) type(answer);
      return true;
    },
  };
  const terminal = { stdin: stdin as unknown as NodeJS.ReadStream, stderr };
  return { terminal, happened, shown: () => shown };
}

test("D14: whoever answers at once sees nothing of the password either", async () => {
  const { terminal, happened, shown } = terminalWith("secret\r");
  assert.equal(await askUnseen(QUESTION, terminal), "secret");
  assert.equal(shown(), "");
  assert.deepEqual(happened, ["silent", QUESTION, "shows", "\n"]);
});

test("D14: what is taken back while it is typed is not part of it; an interrupt is no answer", async () => {
  assert.equal(await askUnseen(QUESTION, terminalWith("secreT\u007ft\n").terminal), "secret");
  for (const end of ["\u0003", "\u0004"]) {
    const { terminal, happened } = terminalWith(`sec${end}`);
    assert.equal(await askUnseen(QUESTION, terminal), undefined);
    assert.equal(happened.at(-2), "shows", "the terminal is as it was");
  }
});
