import { trustedScriptUrl } from "./trusted.ts";
import { render } from "preact";
import { connectEngine } from "./engine/tabs/client.ts";
// oxlint-disable-next-line import/default -- the bundler makes this module: its default export is the address
import engineUrl from "./engine/engine-worker.ts?worker&url";
// oxlint-disable-next-line import/default -- as above
import filesUrl from "./engine/media-worker.ts?worker&url";
// oxlint-disable-next-line import/default -- as above
import searchUrl from "./engine/search-worker.ts?worker&url";
// oxlint-disable-next-line import/default -- as above
import exportUrl from "./engine/export-worker.ts?worker&url";
import { App } from "./model/app.ts";
import { drop } from "../worker/shared/drop.ts";
import { report } from "../worker/shared/report.ts";
import { reportUncaught } from "../worker/shared/uncaught.ts";
import { missingAbility } from "./ui/page/ability.ts";
import { followAttention } from "./ui/page/attention.ts";
import { followHistory } from "./ui/page/history.ts";
import { listenForKeys } from "./ui/page/keyboard.ts";
import { beginSpeaking } from "./ui/page/language.ts";
import { followOfflineStart } from "./ui/page/offline-start.ts";
import { followErasing } from "./ui/page/pictures.ts";
import { followRelease } from "./ui/page/release.ts";
import { Shell } from "./ui/shell.tsx";
import { Unsupported } from "./ui/gate/unsupported.tsx";
import { accountNow } from "./model/clock.ts";

const root = document.body;
const missing = missingAbility();
reportUncaught(globalThis);
const words = beginSpeaking();

/** Nothing is said before the words are there. They come while the engine's script does; English is here. */
function show(act: () => void): void {
  if (words === undefined) act();
  else drop(words.then(act));
}

if (missing === undefined) {
  const worker = new Worker(trustedScriptUrl(engineUrl), { type: "module", name: "engine" });
  const app = new App(connectEngine(worker), accountNow, {
    search: () => new Worker(trustedScriptUrl(searchUrl), { type: "module", name: "search" }),
    files: () => new Worker(trustedScriptUrl(filesUrl), { type: "module", name: "files" }),
    export: () => new Worker(trustedScriptUrl(exportUrl), { type: "module", name: "export" }),
  });
  // A worker that cannot even be loaded answers nothing.
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    report("the engine failed", event.error);
    if (app.session.peek().state === "starting") app.stuck.value = true;
  });
  show(() => {
    followHistory(app);
    followAttention(app);
    listenForKeys(app);
    followErasing(app);
    followRelease(app);
    followOfflineStart(app, trustedScriptUrl("/service-worker.js"));
    render(<Shell app={app} />, root);
    drop(app.attach(document.visibilityState === "visible"));
  });
} else {
  show(() => render(<Unsupported missing={missing} />, root));
}
