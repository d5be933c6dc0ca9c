/**
 * The screens with a scripted engine as one bundle of scripts. From its source the page of a scene is some three hundred
 * modules, each of them asked for and compiled anew whenever a scene is shown: most of the time of a test.
 */
import { build } from "vite";
import { inProject } from "./project.ts";

/** The environment's name for the folder of a stage that the tests of one run share. */
export const STAGE_VARIABLE = "ALCOVE_TEST_STAGE";

/**
 * @param folder receives the stage, with its page at `STAGE_PAGE`; what was in it is gone
 * @throws with the words of the bundler when the source does not bundle
 */
export async function bundleStage(folder: string): Promise<string> {
  await build({
    configFile: false,
    root: inProject(""),
    publicDir: false,
    logLevel: "error",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: "es2023",
      minify: false,
      modulePreload: false,
      reportCompressedSize: false,
      rollupOptions: {
        input: inProject(STAGE_PAGE),
        // Tests hold back by its name what is fetched later.
        output: { entryFileNames: "[name].js", chunkFileNames: "[name].js" },
      },
    },
  });
  return folder;
}

/** Within the project, and within a bundle. */
export const STAGE_PAGE = "test/screens/index.html";
