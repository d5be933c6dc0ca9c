/** Where the focus is while somebody signs in: somebody who has no mouse, or does not see the page, goes on from there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./on-stage.ts";

const stage = onStage();
const { comes, read, show } = stage;

const FOCUS = `document.activeElement`;

test("a refusal that is about neither address nor password leaves the focus at Sign in", async () => {
  await show("sign-in-unknown");
  await comes("Sign in has the focus", `${FOCUS}.type === "submit"`);
});

test("a wrong password has the focus", async () => {
  await show("sign-in-wrong");
  await comes("the password has the focus", `${FOCUS}.type === "password"`);
});

for (const scene of ["sign-in-consent", "erase-locked"])
  test(`${scene}: the question has the focus, and Enter answers nothing`, async () => {
    await show(scene);
    await comes("the question has the focus", `${FOCUS}.tagName === "H1"`);
    await stage.page.keyboard.press("Enter");
    await stage.page.keyboard.press("Tab");
    assert.equal(await read(`${FOCUS}.previousElementSibling.matches(".gate-lead")`), true, "the first answer is next");
  });

test("a password can be shown, and hidden again, and keeps its name for whoever listens", async () => {
  await show("create-account-shown");
  const field = `document.querySelector(".secret input")`;
  await comes("it is shown", `${field}.type === "text"`);
  const button = `document.querySelector(".secret button")`;
  assert.equal(await read(`${button}.ariaLabel + ${button}.ariaPressed`), "Show passwordtrue");
  await read(`${button}.click()`);
  await comes("it is hidden", `${field}.type === "password"`);
});

test("a server's invitation says who invites before anything else, and is none to the deployment", async () => {
  await show("invited-by-server");
  await comes(
    "bob is named",
    `document.querySelector(".gate-invited")?.textContent.includes("bob@example.org invites you")`,
  );
  assert.equal(await read(`document.querySelectorAll(".gate-invited").length`), 1);
});
