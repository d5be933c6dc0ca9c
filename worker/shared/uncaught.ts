/** What nobody has caught would be written to the console by the browser itself, message and all. */
import { report } from "./report.ts";

type Uncaught = { readonly error?: unknown; readonly reason?: unknown; preventDefault(): void };

/** A window, a worker's scope, or a page's end of a worker. */
export type ThrowingScope = {
  addEventListener(type: "error" | "unhandledrejection", listener: (event: Uncaught) => void): void;
};

/** From here on an exception or rejection there is told by its class alone. */
export function reportUncaught(scope: ThrowingScope): void {
  scope.addEventListener("error", (event) => {
    event.preventDefault();
    report("uncaught failure", event.error);
  });
  scope.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    report("unexpected failure", event.reason);
  });
}
