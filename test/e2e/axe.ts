/** What axe finds on a page: the faults that a program can see of WCAG 2.2 AA and of its own best practices. */
import axe from "axe-core";
import type { Page } from "puppeteer-core";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Looks at everything that is shown. No rule is left out.
 * @returns a line for each element at fault, with the rule; empty where all is well
 */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  // By the driver's own channel: the page's policy lets in no script of anybody else, and that is as it should be.
  if ((await page.evaluate("typeof globalThis.axe")) === "undefined") await page.evaluate(axe.source);
  return page.evaluate(async (tags) => {
    const { axe: here } = globalThis as unknown as { readonly axe: typeof axe };
    // What fades in has little contrast for a moment. What moves without an end is no text.
    const moving = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
    const still = Promise.allSettled(moving.map(({ finished }) => finished));
    // Where nothing is drawn nothing comes to its end.
    await Promise.race([still, new Promise((done) => setTimeout(done, 2_000))]);
    const { violations } = await here.run(document, {
      runOnly: { type: "tag", values: tags },
      resultTypes: ["violations"],
    });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary = "" }) => {
        const why = failureSummary.split("\n").slice(1).join(" ").replace(/\s+/g, " ").trim();
        return `${id} (${help}) at ${target.join(" ")}: ${why}`;
      }),
    );
  }, TAGS);
}
