/** The deployment's NAME_SECRET out of a file: a copy that holds nothing else, or lines of `NAME=VALUE` (`secrets.env`). */
export function nameSecretIn(text: string): string | undefined {
  const [, named] = /^NAME_SECRET=(.*)$/m.exec(text) ?? [];
  const secret = (named ?? text).trim().replace(/^(["'])(.*)\1$/, "$2");
  return secret === "" || /\s/.test(secret) ? undefined : secret;
}
