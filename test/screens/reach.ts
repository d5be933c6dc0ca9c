/** What can be measured of a screen: whether it is wider than the window, and how large what is pressed is. */
import type { Page } from "puppeteer-core";

/**
 * What reaches out of the window, scrolls sideways or is cut off without a sign of it.
 * @returns a line for each element at fault; empty where all is in sight
 */
export function outOfReach(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    /** They scroll sideways, and keys come to them. */
    const ASIDE = "pre, .views";
    const top = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
    const found: string[] = [];
    const seen = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true }) &&
      element.closest(".unseen, svg, .message-actions") === null;
    /** A sign stands for what is left out of it, or it can be scrolled to. */
    const shortened = (element: Element | null): boolean => {
      if (element === null) return false;
      const { textOverflow, webkitLineClamp, overflowX } = getComputedStyle(element);
      if (overflowX !== "visible" && (textOverflow === "ellipsis" || webkitLineClamp !== "none")) return true;
      return element.matches(ASIDE) || shortened(element.parentElement);
    };
    const name = (element: Element) =>
      `${element.localName}.${element.className} “${(element.textContent ?? "").slice(0, 40)}”`;
    for (const element of top.querySelectorAll("*")) {
      if (!seen(element) || shortened(element)) continue;
      const { left, right, bottom, width, height } = element.getBoundingClientRect();
      if (width === 0 || height === 0) continue;
      if (left < -0.5 || right > innerWidth + 0.5) {
        found.push(`out of the window (${Math.round(left)} to ${Math.round(right)}): ${name(element)}`);
        continue;
      }
      if (element.matches("textarea, input")) continue;
      const style = getComputedStyle(element);
      const wide = element.scrollWidth > element.clientWidth + 1;
      // By words and boxes: the room around what is pressed may end at an edge.
      const within = document.createRange();
      within.selectNodeContents(element);
      const high =
        element.scrollHeight > element.clientHeight + 1 && within.getBoundingClientRect().bottom > bottom + 1;
      if (wide && style.overflowX !== "visible") found.push(`cut off at its end: ${name(element)}`);
      if (high && ["hidden", "clip"].includes(style.overflowY)) found.push(`cut off below: ${name(element)}`);
    }
    return found;
  });
}

/**
 * What takes no press within a square of this size around its middle, by what is hit and not by what is drawn. Links in a
 * line of words are left out (WCAG 2.5.8, "inline"), and what has an equivalent: the time of a message (its menu), the
 * mark of one that can be chosen (the whole of it) and, for a finger, the name above one (the picture beside it).
 * @param size CSS pixels
 */
export function tooSmall(page: Page, size: number): Promise<readonly string[]> {
  return page.evaluate((edge) => {
    const PRESSED = "button, input, textarea, select, summary, a[href], [role=option], [role^=menuitem]";
    const LEFT_OUT =
      (edge > 24 ? ".author-name, " : "") +
      ".words a, .meta-info, .pick, .message-actions *, .skip:not(:focus), [tabindex='-1'][aria-hidden]";
    const shown =
      document.querySelector("[popover]:popover-open") ?? [...document.querySelectorAll("dialog[open]")].at(-1);
    const top = shown ?? document.body;
    const found: string[] = [];
    for (const element of top.querySelectorAll<HTMLElement>(PRESSED)) {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.matches(LEFT_OUT)) continue;
      if (element.matches(":disabled") || element.closest(".unseen, [inert]") !== null) continue;
      // A pixel of it is lost where it lies between pixels.
      const target = element.closest("label") ?? element;
      target.scrollIntoView({ block: "center", inline: "center" });
      const { left, right, top: upper, bottom } = target.getBoundingClientRect();
      const [x, y, by] = [(left + right) / 2, (upper + bottom) / 2, edge / 2 - 1.5];
      const hit = (atX: number, atY: number) => {
        const under = document.elementFromPoint(atX, atY);
        return under !== null && target.contains(under);
      };
      const corners = [
        [0, -by],
        [0, by],
        [-by, 0],
        [by, 0],
      ] as const;
      if (!corners.every(([right_, down]) => hit(x + right_, y + down))) {
        const { width, height } = target.getBoundingClientRect();
        found.push(
          `${Math.round(width)} × ${Math.round(height)}: ${target.localName}.${target.className} “${element.ariaLabel ?? (target.textContent ?? "").slice(0, 40)}”`,
        );
      }
    }
    return [...new Set(found)];
  }, size);
}
