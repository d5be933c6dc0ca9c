import { useId } from "preact/hooks";
import { text } from "../../i18n/text.ts";
import { VIEWS } from "../../model/chat-list.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";

/** Which part of the list is shown: one tab stop, the arrow keys choose. */
export function Views() {
  const app = useApp();
  const view = useValue(app.list.view);
  const name = useId();
  return (
    <div class="views" role="radiogroup" aria-label={text("list--view")}>
      {VIEWS.map((one) => (
        <label key={one} class="view">
          <input
            type="radio"
            name={name}
            checked={one === view}
            onChange={() => {
              app.list.view.value = one;
            }}
          />
          <span>{text(`list--view-${one}`)}</span>
        </label>
      ))}
    </div>
  );
}
