/**
 * A page of before signs in with the password itself, which Worker and object no longer take. Where a test is about what such
 * a page does once it is signed in, this stands in between and does what today's page does.
 */
import type { Result } from "../worker/contract/failures.ts";
import type { SignInReply } from "../worker/contract/sign-in.ts";
import { ROUTES } from "../worker/contract/routes.ts";
import { makeScramKeys } from "../worker/shared/scram-keys.ts";

type Answer = (request: Request) => Promise<Response>;

/** `answer`: the Worker. Anything but a sign-in is passed on. */
export async function translated(request: Request, answer: Answer): Promise<Response> {
  if (new URL(request.url).pathname !== ROUTES.signIn) return answer(request);
  const { password, plain, ...rest }: { password: string; plain: boolean } = await request.json();
  const ask = (path: string, body: object) =>
    answer(
      new Request(new URL(path, request.url), {
        method: "POST",
        headers: request.headers,
        body: JSON.stringify(body),
      }),
    );
  const first = await ask(ROUTES.signIn, { ...rest, ...(plain && { password }) });
  const begun: Result<SignInReply> = await first.clone().json();
  if (!begun.ok || begun.value.step === "done") return first;
  const keys = await makeScramKeys(password, begun.value);
  if (!keys.ok) return Response.json(keys);
  return ask(ROUTES.finishSignIn, { attempt: begun.value.attempt, ...keys.value });
}
