import { useState } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import type { CopyView } from "../../engine/protocol/copy.ts";
import { text } from "../../i18n/aside.ts";
import { numberText } from "../../i18n/text.ts";
import { bytesText, fullDayAndTime } from "../../model/format.ts";
import { useApp } from "../hooks/use-app.ts";
import { CopyOutcomeWords, CopyProgress } from "../parts/copy-line.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { copyFailure } from "./copy-failure.ts";

type Closing = { readonly onClose: () => void };

/** As it is: whose, since when, how large, how new; what can be done with it. */
export function KeptCopy({ copy, onClose }: Closing & { readonly copy: CopyView }) {
  const app = useApp();
  const [ending, setEnding] = useState(false);
  if (ending) return <EndCopy byKey={true} onClose={onClose} />;
  const { kept, here, outcome, trouble, writtenAt, most, texts } = copy;
  const facts: readonly (readonly [string, string])[] = [
    ...(kept === undefined
      ? []
      : [
          [text("copy--by"), kept.byThis ? text("copy--by-this") : (kept.name ?? text("devices--unnamed"))] as const,
          [text("copy--since"), fullDayAndTime(kept.since)] as const,
          [text("copy--size"), text("copy--size-of", { size: bytesText(kept.length), most: bytesText(most) })] as const,
        ]),
    ...(texts === undefined ? [] : [[text("copy--texts"), numberText(texts)] as const]),
    ...(writtenAt === undefined ? [] : [[text("copy--written"), fullDayAndTime(writtenAt)] as const]),
  ];
  return (
    <Dialog title={text("copy--title")} onClose={onClose}>
      <p role="status">{text(kept === undefined ? "copy--beginning" : "copy--on")}</p>
      {kept?.ending === undefined ? undefined : (
        <p role="status">
          {text("copy--ending-on", { when: fullDayAndTime(kept.ending.at) })}{" "}
          <button type="button" class="link" onClick={() => drop(app.orSay(app.engine.copy({ act: "keep" })))}>
            {text("copy--keep")}
          </button>
        </p>
      )}
      {here === "reading" ? <CopyProgress copy={copy} /> : undefined}
      {trouble === undefined ? undefined : (
        <p role="alert">
          <b>{text(`copy--trouble-${trouble}`)}</b>
        </p>
      )}
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {here === "keeps" && outcome !== undefined ? <CopyOutcomeWords outcome={outcome} /> : undefined}
      <div class="dialog-actions">
        <button type="button" class="button button-bad" onClick={() => setEnding(true)}>
          {text("copy--end")}
        </button>
        <button
          type="button"
          class="button button-quiet"
          disabled={here === "reading"}
          onClick={() => drop(app.orSay(app.engine.copy({ act: "again" })))}
        >
          {text("copy--again")}
        </button>
        <button type="button" class="button" autofocus onClick={onClose}>
          {text("device--close")}
        </button>
      </div>
    </Dialog>
  );
}

/** `byKey`: this browser can show that it has the key, so it is deleted at once. */
export function EndCopy({ byKey, onClose }: Closing & { readonly byKey: boolean }) {
  const app = useApp();
  return (
    <FormDialog
      title={text("copy--end-title")}
      lead={text(byKey ? "copy--end-lead" : "copy--end-lead-without")}
      confirm={text("copy--end-confirm")}
      busyLabel={text("copy--busy")}
      about=""
      bad={true}
      says={copyFailure}
      act={async () => {
        const answer = await app.engine.copy({ act: "end" });
        if (!answer.ok) return answer.error;
        onClose();
        return undefined;
      }}
      onClose={onClose}
    />
  );
}
