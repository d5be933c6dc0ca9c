/**
 * The second press of two is the first one: the same act, asked for again while its answer is awaited, gets that answer and is not
 * asked for anew. Whatever else is asked of the same kind in between ends that, so that on, off, on ends as on.
 *
 * @example const contact = pressed(answered("contact"));
 */
export function pressed<Args, Answer>(act: (args: Args) => Promise<Answer>): (args: Args) => Promise<Answer> {
  let last: { readonly said: string; readonly answer: Promise<Answer> } | undefined;
  return (args) => {
    const said = JSON.stringify(args);
    if (last?.said === said) return last.answer;
    const answer = act(args).finally(() => {
      if (last?.answer === answer) last = undefined;
    });
    last = { said, answer };
    return answer;
  };
}
