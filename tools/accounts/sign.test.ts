import assert from "node:assert/strict";
import { test } from "node:test";
import { isInvitationId, newInvitationId, readInvitation } from "../../worker/shared/invitation-token.ts";
import { signInvitation } from "./sign.ts";

const SECRET = "a-secret-that-is-long-enough-to-name-objects";

test("D13: an invitation's token is this deployment's, whole and unchanged, or nobody's", async () => {
  const id = newInvitationId();
  assert.ok(isInvitationId(id), id);
  const token = await signInvitation(SECRET, id);
  assert.equal(await readInvitation(SECRET, token), id);
  assert.match(token, /^[\w-]+\w$/, "no messenger takes its last letter for the end of a sentence");
  const other = `${newInvitationId()}${token.slice(8)}`;
  const changed = token.replace(/.{5}$/, (end) => (end === "AAAAA" ? "AAAAE" : "AAAAA"));
  for (const text of ["", id, other, changed, `${token}A`, ` ${token}`, token.toUpperCase(), "ä".repeat(51)])
    assert.equal(await readInvitation(SECRET, text), undefined, text);
  assert.equal(await readInvitation(`${SECRET}!`, token), undefined, "another deployment's");
});
