import { useId } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import type { CopyOutcome, CopyView } from "../../engine/protocol/copy.ts";
import { plural, text } from "../../i18n/aside.ts";
import { fullDayAndTime } from "../../model/format.ts";
import { useApp } from "../hooks/use-app.ts";

type Of = { readonly copy: CopyView };

export function CopyProgress({ copy }: Of) {
  const id = useId();
  return (
    <>
      <p id={id}>{text("copy--reading")}</p>
      <progress class="export-progress" aria-labelledby={id} value={copy.done} max={Math.max(1, copy.of)} />
    </>
  );
}

/** What became of reading it in, each kind of message in a sentence of its own. */
export function CopyOutcomeWords({ outcome }: { readonly outcome: CopyOutcome }) {
  const { filled, elsewhere, bad, lost, upTo } = outcome;
  return (
    <div role="status">
      <p>
        {plural("copy--filled", filled)} {text("copy--up-to", { when: fullDayAndTime(upTo) })}
      </p>
      {elsewhere === 0 ? undefined : <p>{plural("copy--elsewhere", elsewhere)}</p>}
      {bad === 0 ? undefined : <p>{plural("import--bad", bad)}</p>}
      {lost === 0 ? undefined : <p>{plural("copy--lost", lost)}</p>}
    </div>
  );
}

function Words({ copy }: Of) {
  const { news, kept, ended, outcome } = copy;
  const unnamed = text("devices--unnamed");
  switch (news) {
    case "offer":
    case "began":
      return (
        <p>
          <b>{text(`copy--news-${news}`)}</b> {text(`copy--news-${news}-text`, { name: kept?.name ?? unnamed })}
        </p>
      );
    case "ending":
      return (
        <p>
          <b>{text("copy--news-ending", { name: kept?.ending?.name ?? unnamed })}</b>{" "}
          {text("copy--news-ending-text", { when: fullDayAndTime(kept?.ending?.at ?? 0) })}
        </p>
      );
    case "ended":
      return (
        <p>
          <b>{text("copy--news-ended", { name: ended?.name ?? unnamed })}</b> {text("copy--news-ended-text")}
        </p>
      );
    case "outcome":
      return outcome === undefined ? null : <CopyOutcomeWords outcome={outcome} />;
    case undefined:
      return <CopyProgress copy={copy} />;
    default:
      return <p>{text(`copy--trouble-${news}`)}</p>;
  }
}

/** What has become of the sealed copy, until the person has seen it; and how far it is while it is read in. */
export function CopyLine({ copy }: Of) {
  const app = useApp();
  const { news, here, kept } = copy;
  if (news === undefined && here !== "reading") return null;
  const look = () => {
    app.dialog.value = { kind: "sealed-copy" };
  };
  const seen = () => drop(app.orSay(app.engine.copy({ act: "seen" })));
  const keep = () => drop(app.orSay(app.engine.copy({ act: "keep" })));
  return (
    <section class="notice" data-kind="sealed-copy" data-news={news ?? "reading"}>
      <div class="notice-words" role={news === undefined ? undefined : "status"}>
        <Words copy={copy} />
      </div>
      <div class="notice-actions">
        {news === undefined ? undefined : (
          <button type="button" class="button button-quiet" onClick={seen}>
            {text(news === "offer" ? "copy--not-now" : "notice--got-it")}
          </button>
        )}
        {news === "ending" && here !== "none" ? (
          <button type="button" class="button" onClick={keep}>
            {text("copy--keep")}
          </button>
        ) : undefined}
        {news === "offer" && kept !== undefined ? (
          <button type="button" class="button" onClick={look}>
            {text("copy--restore")}
          </button>
        ) : undefined}
        {news === "ending" || news === "began" ? (
          <button type="button" class="button button-quiet" onClick={look}>
            {text("notice--look")}
          </button>
        ) : undefined}
      </div>
    </section>
  );
}

/** On the sheet where a browser waits to be let in: nobody may come, and there is another way to the old messages. */
export function CopyInstead({ copy }: { readonly copy: CopyView | undefined }) {
  const app = useApp();
  if (copy?.kept === undefined || copy.here !== "none" || copy.news === "offer") return null;
  return (
    <p>
      <button
        type="button"
        class="link"
        onClick={() => {
          app.dialog.value = { kind: "sealed-copy" };
        }}
      >
        {text("copy--instead")}
      </button>
    </p>
  );
}
