import { useId } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import type { NoticeView } from "../../engine/protocol/account.ts";
import { text } from "../../i18n/aside.ts";
import { actsOf, handoverWords, isQuiet } from "../../model/handover.ts";
import { useApp } from "../hooks/use-app.ts";

type View = Extract<NoticeView, { readonly kind: "handover" }>;

/** One quiet line while one browser hands its texts to another: how far it is, and what may be done about it. */
export function HandoverLine({ handover }: { readonly handover: View }) {
  const app = useApp();
  const id = useId();
  const { key, state, done, gaps, of, role, device } = handover;
  return (
    <section class="notice notice-handover" data-kind="handover" data-role={role} data-state={state}>
      <div class="notice-words">
        <p id={id} role={isQuiet(state) ? undefined : "status"}>
          {handoverWords(handover)}
        </p>
        {isQuiet(state) ? (
          <progress class="export-progress" aria-labelledby={id} value={done + gaps} max={Math.max(1, of)} />
        ) : undefined}
      </div>
      <div class="notice-actions">
        {actsOf(handover).map((act) => (
          <button
            key={act}
            type="button"
            class="button button-quiet"
            onClick={() => drop(app.orSay(app.engine.handover({ role, device, act })))}
          >
            {text(`handover--${act}`)}
          </button>
        ))}
        {isQuiet(state) ? undefined : (
          <button type="button" class="button button-quiet" onClick={() => drop(app.engine.dismiss({ notice: key }))}>
            {text("notice--got-it")}
          </button>
        )}
      </div>
    </section>
  );
}
