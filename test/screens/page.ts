/**
 * The real screens with a scripted engine behind them; `?scene=` chooses what it plays, `?language=` who reads it. A walk through
 * many scenes calls `play` instead: the page is loaded once, and each scene is drawn in the place of the one before it.
 */
import { h, render } from "preact";
import { ROUTES } from "../../worker/contract/routes.ts";
import { App } from "../../web/model/app.ts";
import { menus } from "../../web/ui/conversation/later-menus.ts";
import { followAttention } from "../../web/ui/page/attention.ts";
import { listenForKeys } from "../../web/ui/page/keyboard.ts";
import { JOIN_KEY, KEY } from "../../web/ui/page/invitation.ts";
import { rowMenu } from "../../web/ui/page/row-menu.ts";
import { failureWords } from "../../web/ui/parts/why.tsx";
import { Shell } from "../../web/ui/shell.tsx";
import { ALICE, NOW } from "./people.ts";
import { inLanguage } from "./in-language.ts";
import { setNotifying } from "./notifying.ts";
import type { Scene } from "./scene.ts";
import { SCENES } from "./scenes.ts";
import { scriptedEngine } from "./scripted-engine.ts";
import { scriptedFiles } from "./scripted-files.ts";
import { scriptedSearch } from "./scripted-search.ts";

Date.now = () => NOW;

/** What the worker of files runs, for tests of it. */
const pictures = () => import("../../web/engine/media/pictures.ts");
const FIELD_TRIES = 100;
const SETTLE_MS = 60;
const elsewhere = fetch;
const asked = new URLSearchParams(location.search);
const settle = (ms = SETTLE_MS) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Shows a scene until it stands; `<html data-ready>` says so.
 *
 * @param language whose words; what is typed and pressed is looked for by its name in it
 * @param fetched whether all scripts are there that the page fetches later
 */
async function play(name: string, language: string, fetched = true): Promise<void> {
  const missing = (what: string): never => {
    throw new Error(`The scene ${name} has nothing called ${what}`);
  };
  const scene = SCENES[name];
  if (scene === undefined) throw new Error(`No scene is called ${name}`);
  delete document.documentElement.dataset["ready"];
  render(null, document.body);
  rowMenu.value = undefined;
  const said = await inLanguage(language);
  // A scene is what people see once everything has been fetched, unless it is to be seen before.
  if (fetched) {
    menus.want();
    failureWords.want();
    await Promise.all([
      import("../../web/ui/aside.tsx"),
      import("../../web/ui/every-dialog.tsx"),
      import("../../web/ui/screens.tsx"),
      import("../../web/ui/conversation/menus.tsx"),
      import("../../web/model/failures.ts"),
    ]);
  }
  const { invitation, join } = scene;
  sessionStorage.clear();
  setNotifying(scene.notifying);
  if (invitation !== undefined) sessionStorage.setItem(KEY, "token");
  if (join !== undefined) sessionStorage.setItem(JOIN_KEY, join);
  const answers: Readonly<Record<string, unknown>> = { [ROUTES.invitation]: invitation, ...scene.answers };
  globalThis.fetch = async (...args) => {
    const answer = typeof args[0] === "string" ? answers[args[0]] : undefined;
    if (answer === "never") return new Promise<Response>(() => undefined);
    return answer === undefined ? elsewhere(...args) : Response.json(answer);
  };
  const engine = scriptedEngine(scene, ALICE);
  const app = new App(engine, Date.now, {
    search: () => scriptedSearch(scene, scene.search),
    files: scriptedFiles,
  });
  Object.assign(globalThis, { app, engine, qr: () => import("../../web/model/qr.ts"), pictures });
  followAttention(app);
  listenForKeys(app);
  render(h(Shell, { app }), document.body);
  await app.attach(true);
  scene.act?.(app);
  await settle();
  /** What it stands in may have to be fetched. */
  const comes = async <Found>(what: string, find: () => Found | undefined): Promise<Found> => {
    for (let tries = 0; find() === undefined && tries < FIELD_TRIES; tries += 1) await settle();
    return find() ?? missing(what);
  };
  const type = async (fields: Scene["typed"]): Promise<void> => {
    for (const [english, words] of fields ?? []) {
      const labels = said(english);
      const field = await comes(english, () =>
        firstOf(labels, (label) =>
          [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")].find(
            (input) => input.getAttribute("aria-label") === label || input.labels?.[0]?.textContent === label,
          ),
        ),
      );
      field.value = words;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  };
  await type(scene.typed);
  await settle();
  for (const english of typeof scene.press === "string" ? [scene.press] : (scene.press ?? [])) {
    const labels = said(english);
    const button = await comes(english, () =>
      firstOf(labels, (label) =>
        [...document.querySelectorAll("button")].find(
          (one) => !one.disabled && (one.getAttribute("aria-label") === label || one.textContent === label),
        ),
      ),
    );
    button.click();
    if (typeof scene.press !== "string") await settle(120);
  }
  await type(scene.typedThen);
  if (scene.menuOf !== undefined) {
    const row = document.querySelector(`li[data-key="${scene.menuOf}"]`) ?? missing(scene.menuOf);
    (row.querySelector<HTMLElement>("[aria-haspopup=menu]") ?? missing("a menu")).click();
  }
  document.documentElement.dataset["ready"] = name;
}

function firstOf<Label, Found>(labels: readonly Label[], find: (label: Label) => Found | undefined): Found | undefined {
  for (const label of labels) {
    const found = find(label);
    if (found !== undefined) return found;
  }
  return undefined;
}

Object.assign(globalThis, { play });
// Not awaited: what is fetched while a scene is being set imports from this module, and would wait for its end.
play(asked.get("scene") ?? "list", asked.get("language") ?? "en", !asked.has("unfetched")).catch(reportError);
