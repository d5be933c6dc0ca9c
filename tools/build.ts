/** `npm run build`: the page into dist/web, the Worker's bundle into dist/worker. */
import { buildPage } from "./build-page.ts";
import { inProject } from "./project.ts";
import { say } from "./step.ts";
import { bundleWorker } from "./worker-bundle.ts";

if (!(await buildPage())) process.exit(1);
say(`Page: dist/web`);
await bundleWorker(inProject("worker/index.ts"), inProject("dist/worker"));
say(`Worker: dist/worker`);
