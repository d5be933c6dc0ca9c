import assert from "node:assert/strict";
import { test } from "node:test";
import { installScript, type Machine, planInstall } from "./system-packages.ts";

const debian: Machine = { manager: "apt-get", root: false, sudo: true, interactive: true };

test("root on Debian installs without a question", () => {
  const plan = planInstall(["prosody"], { ...debian, root: true, interactive: false });
  assert.equal(plan.kind, "install");
});

test("a person is asked, and may say no", () => {
  assert.equal(planInstall(["prosody"], debian).kind, "ask");
});

test("a script without rights installs nothing and says what is missing", () => {
  for (const machine of [
    { ...debian, interactive: false },
    { ...debian, sudo: false },
  ]) {
    const plan = planInstall(["prosody", "openssl"], machine);
    assert.equal(plan.kind, "cannot");
    assert.match(plan.kind === "cannot" ? plan.words : "", /apt-get install prosody openssl/);
  }
});

test("an unknown system and an unknown package are said in words", () => {
  assert.equal(planInstall(["chromium"], { ...debian, root: true, manager: undefined }).kind, "cannot");
  assert.equal(planInstall(["python-omemo"], { ...debian, root: true, manager: "dnf" }).kind, "cannot");
  assert.equal(planInstall([], { ...debian, manager: undefined }).kind, "nothing");
});

test("a server that comes with a package neither starts nor stays enabled", () => {
  const script = installScript("apt-get", ["prosody"]);
  assert.ok(script.indexOf("policy-rc.d") < script.indexOf("install prosody"));
  assert.ok(script.indexOf("install prosody") < script.indexOf("disable prosody.service"));
  const both = installScript("apt-get", ["prosody", "ejabberd"]);
  assert.match(both, /disable ejabberd\.service/);
  assert.match(both, /disable epmd\.socket/, "what comes with it does not either");
  assert.ok(
    both.indexOf("seen_epmd=$(command -v epmd") < both.indexOf("install prosody"),
    "unless it was there before",
  );
  assert.doesNotMatch(installScript("apt-get", ["chromium"]), /disable/);
});
