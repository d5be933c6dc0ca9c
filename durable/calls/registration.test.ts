import { FORM_LIMITS } from "../../worker/contract/forms.ts";
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import type { Result } from "../../worker/contract/failures.ts";
import { failed } from "../../worker/shared/failed.ts";
import type { LinkSettings } from "../link/link.ts";
import type { Submitted } from "../link/register.ts";
import type { Stream } from "../link/stream.ts";
import { Registrations } from "./registration.ts";

// A form waits for ten minutes: nobody does here.
beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

const FORM = { kind: "form", form: { legacy: true, fields: [] } } as const;
const about = (name = "nadia") => ({
  ...{ domain: "a.org", invited: false, legacy: true },
  answers: [
    { name: "username", values: [name] },
    { name: "password", values: ["eight herons"] },
  ],
});

/** A server that gives these answers to forms. What happens to its streams is noted. */
function server(...answers: readonly Result<Submitted>[]) {
  const noted: string[] = [];
  const left = [...answers];
  let streams = 0;
  const dead = new Set<string>();
  const stream = () => {
    streams += 1;
    const name = `stream ${streams}`;
    return {
      name,
      get failure() {
        return dead.has(name) ? { kind: "connection-lost" } : undefined;
      },
      close: async () => void noted.push(`${name} closed`),
    } as unknown as Stream & { readonly name: string };
  };
  const nameOf = (one: Stream) => (one as Stream & { readonly name: string }).name;
  const registrations = new Registrations(() => ({}) as LinkSettings, {
    open: async (_settings, token) => {
      const opened = stream();
      noted.push(`${opened.name} opened${token === undefined ? "" : ` with ${token}`}`);
      return { ok: true, value: { stream: opened, offer: FORM } };
    },
    form: async (one) => {
      noted.push(`${nameOf(one)} asked again`);
      return { ok: true, value: FORM };
    },
    send: async (one, _domain, { answers: said }) => {
      noted.push(`${nameOf(one)} sent ${said[0]?.values[0]}`);
      return left.shift() ?? { ok: true, value: { made: true } };
    },
  });
  return { registrations, noted, dead };
}

async function begun({ registrations }: ReturnType<typeof server>): Promise<string> {
  const form = await registrations.begin({ domain: "a.org", invited: false });
  assert.ok(form.ok && form.value.step === "form");
  return form.value.id;
}

test("S21: one form is open in a place: another one ends the stream of the first, and ten minutes end any", async () => {
  const one = server();
  await begun(one);
  await begun(one);
  assert.deepEqual(one.noted, ["stream 1 opened", "stream 1 closed", "stream 2 opened"]);
  mock.timers.tick(FORM_LIMITS.formWaitMs - 1);
  assert.equal(one.noted.length, 3);
  mock.timers.tick(1);
  assert.deepEqual(one.noted.slice(3), ["stream 2 closed"]);
});

test("the answers go over the stream that the form came by, which ends with the account", async () => {
  const one = server();
  const id = await begun(one);
  assert.deepEqual(await one.registrations.submit({ id, ...about("Nadia") }), {
    ok: true,
    value: { step: "done", address: "nadia@a.org" },
  });
  assert.deepEqual(one.noted, ["stream 1 opened", "stream 1 sent Nadia", "stream 1 closed"]);
});

test("where that stream is gone, as after a reset of the object, another one is opened, with the token", async () => {
  for (const gone of ["reset", "died"] as const) {
    const one = server();
    const id = gone === "reset" ? "of before" : await begun(one);
    one.dead.add("stream 1");
    const before = one.noted.length;
    const answer = await one.registrations.submit({ id, ...about(), token: "TOKEN" });
    assert.ok(answer.ok && answer.value.step === "done", gone);
    assert.match(one.noted.slice(before).join(), /stream \d opened with TOKEN,stream \d sent nadia/);
  }
});

test("a refusal is followed by another form on the same stream, with what the server said", async () => {
  const refusal = { made: false, why: "name-taken", says: "taken" } as const;
  const one = server({ ok: true, value: refusal });
  const answer = await one.registrations.submit({ id: await begun(one), ...about() });
  assert.ok(answer.ok && answer.value.step === "form");
  assert.deepEqual(answer.value.refused, { why: "name-taken", says: "taken" });
  assert.deepEqual(one.noted, ["stream 1 opened", "stream 1 sent nadia", "stream 1 asked again"]);
});

test("no answer says that the account may exist; a name that is none is not sent", async () => {
  const one = server(failed("connection-lost"));
  assert.deepEqual(
    await one.registrations.submit({ id: await begun(one), ...about() }),
    failed("registration", "unanswered"),
  );
  for (const name of ["", "a b", "nadia@b.org", "x/y"])
    assert.deepEqual(await one.registrations.submit({ id: "f", ...about(name) }), failed("address-invalid"), name);
});

test("S21: two tabs of one place that ask at once, or ask while a form is answered, leave one stream open", async () => {
  const both = server();
  await Promise.all([begun(both), begun(both)]);
  assert.deepEqual(both.noted, ["stream 1 opened", "stream 2 opened", "stream 1 closed"]);
  const refusal = { made: false, why: "name-taken" } as const;
  const one = server({ ok: true, value: refusal });
  const id = await begun(one);
  const answered = one.registrations.submit({ id, ...about() });
  await begun(one);
  assert.ok((await answered).ok);
  const left = ["stream 1", "stream 2"].filter((name) => !one.noted.includes(`${name} closed`));
  assert.equal(left.length, 1, one.noted.join());
  mock.timers.tick(FORM_LIMITS.formWaitMs);
  assert.ok(
    ["stream 1", "stream 2"].every((name) => one.noted.includes(`${name} closed`)),
    one.noted.join(),
  );
});
