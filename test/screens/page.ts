/** The real screens with a scripted engine behind them; `?scene=` chooses what it plays, `?language=` who reads it. */
import { h, render } from "preact";
import { ROUTES } from "../../worker/contract/routes.ts";
import { App } from "../../web/model/app.ts";
import { menus } from "../../web/ui/conversation/later-menus.ts";
import { followAttention } from "../../web/ui/page/attention.ts";
import { listenForKeys } from "../../web/ui/page/keyboard.ts";
import { KEY } from "../../web/ui/page/invitation.ts";
import { failureWords } from "../../web/ui/parts/why.tsx";
import { Shell } from "../../web/ui/shell.tsx";
import { ALICE, NOW } from "./people.ts";
import { inLanguage } from "./in-language.ts";
import { SCENES } from "./scenes.ts";
import { scriptedEngine } from "./scripted-engine.ts";
import { scriptedSearch } from "./scripted-search.ts";

Date.now = () => NOW;

const asked = new URLSearchParams(location.search);
const said = await inLanguage(asked.get("language") ?? "en");
const name = asked.get("scene") ?? "list";
const scene = SCENES[name];
if (scene === undefined) throw new Error(`No scene is called ${name}`);

// A scene is what people see once everything has been fetched, unless it is to be seen before.
if (!asked.has("unfetched")) {
  menus.want();
  failureWords.want();
  await Promise.all([
    import("../../web/ui/aside.tsx"),
    import("../../web/ui/conversation/menus.tsx"),
    import("../../web/model/failures.ts"),
  ]);
}
const { invitation } = scene;
sessionStorage.clear();
if (invitation !== undefined) {
  sessionStorage.setItem(KEY, "token");
  const elsewhere = fetch;
  globalThis.fetch = async (...args) =>
    args[0] === ROUTES.invitation ? Response.json(invitation) : elsewhere(...args);
}
const engine = scriptedEngine(scene, ALICE);
const FIELD_TRIES = 100;
const app = new App(engine, Date.now, () => scriptedSearch(scene, scene.search));
Object.assign(globalThis, { app, engine });
followAttention(app);
listenForKeys(app);
render(h(Shell, { app }), document.body);
await app.attach(true);
scene.act?.(app);
await new Promise((resolve) => setTimeout(resolve, 60));
for (const [english, words] of scene.typed ?? []) {
  const label = said(english);
  const find = () =>
    [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")].find(
      (input) => input.getAttribute("aria-label") === label || input.labels?.[0]?.textContent === label,
    );
  // What it stands in may have to be fetched.
  for (let tries = 0; find() === undefined && tries < FIELD_TRIES; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 60));
  const field = find() ?? missing(label);
  field.value = words;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
await new Promise((resolve) => setTimeout(resolve, 60));
if (scene.press !== undefined) {
  const press = said(scene.press);
  const button =
    [...document.querySelectorAll("button")].find(
      (candidate) => candidate.getAttribute("aria-label") === press || candidate.textContent === press,
    ) ?? missing(press);
  button.click();
}
if (scene.menuOf !== undefined) {
  const row = document.querySelector(`li[data-key="${scene.menuOf}"]`) ?? missing(scene.menuOf);
  (row.querySelector<HTMLElement>("[aria-haspopup=menu]") ?? missing("a menu")).click();
}
document.documentElement.dataset["ready"] = name;

function missing(what: string): never {
  throw new Error(`The scene ${name} has nothing called ${what}`);
}
