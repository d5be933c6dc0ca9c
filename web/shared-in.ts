/** For the build (`vite.config.ts`): in which script a module is that several of them need, so that none is a script of its own. */
import { fileURLToPath } from "node:url";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Of the page: what is on the first screen, and the scripts that are fetched later and share something. */
const FIRST = here("./index.html");
const ASIDE = here("./ui/aside.tsx");
const OF_ASIDE = [here("./ui/screens.tsx"), here("./ui/every-dialog.tsx")];

type Modules = { getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null };

/**
 * In the first script what that imports; in `aside` what it imports, and what both scripts that it fetches do. They have no
 * others' parts but of these two.
 *
 * @param id path of a module
 * @returns the name of the script; null: wherever else it belongs
 */
export function sharedIn(id: string, modules: Modules): string | null {
  const isNeededBy = (root: string) => reachedFrom(root, modules).has(id);
  if (isNeededBy(FIRST)) return "index";
  return isNeededBy(ASIDE) || OF_ASIDE.every(isNeededBy) ? "aside" : null;
}

const REACHED = new Map<string, ReadonlySet<string>>();

/** Modules that a module needs before it runs, and itself. */
function reachedFrom(root: string, modules: Modules): ReadonlySet<string> {
  const known = REACHED.get(root);
  if (known !== undefined) return known;
  const reached = new Set([root]);
  for (const id of reached) for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) reached.add(imported);
  REACHED.set(root, reached);
  return reached;
}
