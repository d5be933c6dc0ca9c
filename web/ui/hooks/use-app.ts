import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { App } from "../../model/app.ts";

export const AppContext = createContext<App | undefined>(undefined);

/** The model that the screens are bound to. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new TypeError("A screen was rendered outside the shell");
  return app;
}
