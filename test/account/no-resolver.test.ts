/** S10: the deployment reaches no resolver, or the second one alone: real workerd, a resolver of DNS over HTTPS of our own. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ScriptedBrowser } from "../scripted-browser.ts";
import { type Stack, startStack } from "../stack.ts";
import { issueCertificate, makeAuthority } from "../xmpp-server/certificates.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const BASE_PORT = await claimPorts();
const SECOND_PORT = BASE_PORT + 10;
/** Nobody listens there. */
const FIRST = `https://localhost:${BASE_PORT + 11}/dns-query`;
const SECOND = `https://localhost:${SECOND_PORT}/resolve`;

let folder: string;
let stack: Stack;
let authority: Awaited<ReturnType<typeof makeAuthority>>;
let second: Server;
const asked: string[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "alcove-no-resolver-"));
  authority = await makeAuthority(folder);
  const files = await issueCertificate(authority, { folder, file: "localhost", names: ["localhost"] });
  second = createServer(
    { cert: readFileSync(files.certificate), key: readFileSync(files.key) },
    (request, response) => {
      const url = new URL(request.url ?? "", SECOND);
      asked.push(url.searchParams.get("type") ?? "");
      const answer = { type: 1, data: "10.0.0.1" };
      response.setHeader("content-type", "application/dns-json");
      response.end(JSON.stringify({ Status: 0, Answer: url.searchParams.get("type") === "A" ? [answer] : [] }));
    },
  );
});
after(async () => {
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function refusal(): Promise<unknown> {
  const result = await new ScriptedBrowser(stack.url).signIn("alice@somewhere.org", "wonderland");
  return !result.ok && result.error;
}

test("S10: where no resolver answers, that is what is said", async () => {
  stack = await startStack({
    name: "no-resolver",
    basePort: BASE_PORT,
    endpoint: "starttls",
    variables: { XMPP_ENDPOINTS: "{}", DNS_RESOLVERS: `${FIRST} ${SECOND}` },
    authorities: [authority.certificate],
  });
  assert.deepEqual(await refusal(), { kind: "refused", detail: "no resolver" });
});

test("S10: where the first is silent the second is asked; a private address is not dialled all the same", async () => {
  second.listen(SECOND_PORT, "localhost");
  await once(second, "listening");
  try {
    assert.deepEqual(await refusal(), { kind: "refused", detail: "somewhere.org" });
    assert.deepEqual([...new Set(asked)].toSorted(), ["A", "AAAA", "SRV"]);
  } finally {
    second.close();
  }
});
