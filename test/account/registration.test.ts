/**
 * Accounts that do not exist yet, against real servers in real workerd: Prosody, and ejabberd, which shows a picture of letters and
 * measures passwords.
 */
import { FORM_ROUTES } from "../../worker/contract/forms.ts";
import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Result } from "../../worker/contract/failures.ts";
import type { RegistrationReply } from "../../worker/contract/registration.ts";
import { ScriptedBrowser } from "../scripted-browser.ts";
import { type Stack, startStack } from "../stack.ts";
import { type Ejabberd, startEjabberd } from "../xmpp-server/ejabberd.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const BASE_PORT = await claimPorts();
const PASSWORD = "Kanarienvogel-4b1d-am-Morgen";
/** One point, grey: whoever looks at it does not read it. */
const PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";

let folder: string;
let ejabberd: Ejabberd;
let stack: Stack;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "alcove-registration-"));
  const command = join(folder, "captcha");
  await writeFile(`${command}.png`, Buffer.from(PICTURE, "base64"));
  // Called with the letters, it draws them on its output.
  await writeFile(command, `#!/bin/sh\nprintf %s "$1" > "${folder}/letters"\ncat "${command}.png"\n`);
  await chmod(command, 0o755);
  ejabberd = await startEjabberd({
    state: join(folder, "ejabberd"),
    basePort: BASE_PORT + 10,
    domain: "ejabberd.test",
    accounts: [],
    config: [
      "  mod_register: {captcha_protected: true, password_strength: 40, ip_access: all}",
      `captcha_cmd: "${command}"`,
      "captcha_url: http://localhost/captcha",
      "registration_timeout: infinity",
    ].join("\n"),
  });
  stack = await startStack({
    name: "registration",
    basePort: BASE_PORT,
    endpoint: "starttls",
    withModules: ["register_ibr", "user_account_management"],
    variables: {
      XMPP_ENDPOINTS: JSON.stringify({
        localhost: `starttls://localhost:${BASE_PORT}`,
        "ejabberd.test": ejabberd.endpoints.starttls,
      }),
    },
    authorities: [ejabberd.ca],
  });
});
after(async () => {
  await stack.stop();
  await ejabberd.kill();
  await rm(folder, { recursive: true, force: true });
});

async function post(route: string, about: unknown): Promise<Result<RegistrationReply>> {
  const answer = await fetch(stack.url + route, {
    method: "POST",
    headers: { "content-type": "application/json", origin: stack.url },
    body: JSON.stringify(about),
  });
  return (await answer.json()) as Result<RegistrationReply>;
}

async function formOf(domain: string) {
  return formIn(await post(FORM_ROUTES.register, { domain }));
}

function formIn(answer: Result<RegistrationReply>) {
  assert.ok(answer.ok && answer.value.step === "form", JSON.stringify(answer));
  return answer.value;
}

const named = (name: string, password = PASSWORD) => [
  { name: "username", values: [name] },
  { name: "password", values: [password] },
];

test("S21: a form that another one has ended is answered all the same, over another stream", async () => {
  const first = await formOf("localhost");
  await formOf("localhost");
  const { attempt, form } = first;
  const { legacy } = form;
  const hidden = form.fields.flatMap(({ name, kind, values }) => (kind === "hidden" ? [{ name, values }] : []));
  const answer = await post(FORM_ROUTES.submit, { attempt, legacy, answers: [...named("nadia"), ...hidden] });
  assert.deepEqual(answer, { ok: true, value: { step: "done", address: "nadia@localhost" } });
  const taken = await post(FORM_ROUTES.submit, { attempt, legacy, answers: [...named("nadia"), ...hidden] });
  assert.equal(formIn(taken).refused?.why, "name-taken");
});

test("S21: nothing of it is in any object's storage, nor in what the Worker prints", async () => {
  for (const path of [stack.workerLog, ...(await stack.objectDatabases())]) {
    const bytes = await readFile(path);
    for (const word of [PASSWORD, "nadia"]) assert.ok(!bytes.includes(word), `${word} in ${path}`);
  }
});

test("ejabberd: weak passwords and wrong letters are refused in its words, the right ones make the account", async () => {
  const fill = async (
    { attempt, form }: Awaited<ReturnType<typeof formOf>>,
    name: string,
    password: string,
    letters: string,
  ) => {
    const hidden = form.fields.flatMap(({ name: of, kind, values }) =>
      kind === "hidden" ? [{ name: of, values }] : [],
    );
    const ocr = form.fields.find(({ picture }) => picture !== undefined);
    assert.equal(ocr?.picture?.data, PICTURE);
    const answers = [...named(name, password), ...hidden, { name: ocr.name, values: [letters] }];
    return post(FORM_ROUTES.submit, { attempt, legacy: form.legacy, answers });
  };
  const letters = () => readFile(join(folder, "letters"), "utf8");
  const first = await formOf("ejabberd.test");
  assert.deepEqual(
    first.form.fields
      .filter(({ kind }) => kind !== "hidden" && kind !== "note")
      .map(({ name, kind }) => `${name} ${kind}`),
    ["username text", "password secret", "ocr text"],
  );
  const wrong = formIn(await fill(first, "ines", PASSWORD, "000000"));
  assert.equal(wrong.refused?.why, "picture", JSON.stringify(wrong.refused));
  const weak = formIn(await fill(wrong, "ines", "aaaaaaaa", await letters()));
  assert.deepEqual(weak.refused, { why: "not-accepted", says: "The password is too weak" });
  assert.deepEqual(await fill(weak, "ines", PASSWORD, await letters()), {
    ok: true,
    value: { step: "done", address: "ines@ejabberd.test" },
  });
  const signedIn = await new ScriptedBrowser(stack.url).signIn("ines@ejabberd.test", PASSWORD);
  assert.ok(signedIn.ok, JSON.stringify(signedIn));
});
