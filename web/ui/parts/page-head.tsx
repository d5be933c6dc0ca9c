import { text } from "../../i18n/text.ts";
import type { Place } from "../../model/places.ts";
import { useApp } from "../hooks/use-app.ts";
import { useFocus } from "../hooks/use-focus.ts";
import { Icon } from "./icon.tsx";

/** The head of a screen that is no conversation: the way back, and its title, which has the focus when the screen opens. */
export function PageHead({ title, back }: { readonly title: string; readonly back: Place }) {
  const app = useApp();
  const heading = useFocus<HTMLHeadingElement>();
  return (
    <header class="head">
      <div class="column">
        <button type="button" class="icon-button" aria-label={text("dialog--back")} onClick={() => app.go(back)}>
          <Icon name="back" />
        </button>
        <div class="head-words">
          <h2 ref={heading} tabIndex={-1} aria-level={1}>
            {title}
          </h2>
        </div>
      </div>
    </header>
  );
}
