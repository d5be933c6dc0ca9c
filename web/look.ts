/**
 * How the page looks on this device, applied before anything is painted: a script of its own that the page waits for, since
 * no script may stand in the page itself (Content-Security-Policy). Nothing is shared with others: it is no module.
 * Who chooses writes `alcove-look` and fires the event of that name (`ui/page/look.ts`); other tabs hear of it by `storage`.
 */
const KEY = "alcove-look";

/** The colours of the browser's own frame around the page, as the two `<meta>` of the page have them. */
const LIGHT = "(prefers-color-scheme: light)";

function apply(): void {
  const root = document.documentElement;
  for (const name of ["theme", "text", "density"] as const) {
    const value = chosen()[name];
    if (typeof value === "string") root.dataset[name] = value;
    else delete root.dataset[name];
  }
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    meta.dataset["scheme"] ??= meta.media === LIGHT ? "light" : "dark";
    const { scheme } = meta.dataset;
    const { theme } = root.dataset;
    meta.media = theme === undefined ? `(prefers-color-scheme: ${scheme})` : theme === scheme ? "all" : "not all";
  }
}

/** Nothing, where nothing was chosen or the browser keeps nothing. */
function chosen(): Readonly<Record<string, unknown>> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof kept === "object" && kept !== null ? { ...kept } : {};
  } catch {
    // Storage that is switched off, or somebody's other words in it: it looks as the system does.
    return {};
  }
}

apply();
addEventListener(KEY, apply);
addEventListener("storage", ({ key }) => {
  if (key === KEY) apply();
});
