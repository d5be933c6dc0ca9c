/** What must never happen in a page, noted while it runs: scripts of others, refusals of the policy, elements out of words. */
import type { Page } from "puppeteer-core";

export type Noted = { readonly ran: string[]; readonly reports: string[] };

/**
 * Before any script of the page, and within it: whatever runs or is refused is noted in `__noted`; `__audit()` tells what
 * stands in the document that words of others could have made.
 */
export function watch(): void {
  const noted = { ran: [] as string[], reports: [] as string[] };
  const ran = (what: string) => () => {
    noted.ran.push(what);
  };
  Object.assign(globalThis, { __noted: noted, __xss: ran("__xss"), print: ran("print"), open: ran("open") });
  for (const name of ["alert", "confirm", "prompt"] as const) Object.assign(globalThis, { [name]: ran(name) });
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) => {
    noted.reports.push(`${violatedDirective} ${blockedURI} ${sample}`.slice(0, 160));
  });

  const ownStyle = (element: Element, value: string): boolean =>
    /^--(?:hue|marks|rows): \d{1,4};?$/.test(value) ||
    element.localName === "textarea" ||
    /^(?:inset|inline-size|block-size|left|top)/.test(value);
  const audit = (): readonly string[] => {
    const made = document.querySelectorAll(
      "script:not([src^='/assets/']),iframe,object,embed,base,frame,frameset,applet,audio,video,img,image,math,foreignObject,style,template,marquee,portal,animate,set,use,[srcdoc],[src]:not(script),[background],[formaction],[ping],[action],meta[http-equiv],body link",
    );
    const broken = [...made].map((element) => `<${element.localName}>`);
    for (const element of document.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        if (name.startsWith("on")) broken.push(`${name} on <${element.localName}>`);
        if (name === "style" && !ownStyle(element, value)) broken.push(`style ${value.slice(0, 60)}`);
      }
    }
    for (const link of document.querySelectorAll("a")) {
      if (!/^(?:https?|xmpp|mailto|geo):$/.test(link.protocol)) broken.push(`a link to ${link.protocol}`);
      if (link.rel !== "noopener noreferrer" || link.target !== "_blank") broken.push("a link that opens here");
    }
    return broken;
  };
  Object.assign(globalThis, { __audit: audit });
}

export async function notedIn(page: Page): Promise<Noted> {
  return (await page.evaluate("globalThis.__noted")) as Noted;
}

/** What stands in the document that words could have made. */
export async function auditOf(page: Page): Promise<readonly string[]> {
  return (await page.evaluate("globalThis.__audit()")) as readonly string[];
}
