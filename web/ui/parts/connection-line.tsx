import { useEffect } from "preact/hooks";
import type { VersionSkew } from "../../engine/protocol/account.ts";
import { text } from "../../i18n/text.ts";
import { connectionLine, countsDown } from "../../model/connection.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { useApp } from "../hooks/use-app.ts";
import { HOUR_MS, SECOND_MS, useNow } from "../hooks/use-now.ts";
import { useValue } from "../hooks/use-value.ts";
import { reload } from "../page/release.ts";
import { Banner } from "./banner.tsx";
import { Why } from "./why.tsx";

function LoadNow({ skew }: { readonly skew: VersionSkew }) {
  return (
    <button type="button" class="link" onClick={() => reload(skew.contract)}>
      {text("connection--load-now")}
    </button>
  );
}

/**
 * The hop that does not stand, or nothing, over what is below it. What moves by itself appears with a short delay, so that a
 * blink of the network stays unseen; what stands still is said at once, aloud as well.
 */
export function ConnectionLine() {
  const app = useApp();
  const view = useValue(app.connection);
  const account = useValue(app.account);
  const again = useValue(app.again);
  const now = useNow(countsDown(view) ? SECOND_MS : HOUR_MS);
  const line = account === undefined ? undefined : connectionLine(view, account, now);
  const aloud = line?.tone !== "broken" ? "" : countsDown(view) ? text("connection--broken") : line.words;
  useEffect(() => {
    if (aloud !== "") app.announcement.value = aloud;
  }, [aloud]);
  if (account === undefined || line === undefined) return null;
  if (line.tone === "fine") return null;
  return (
    <div class={`connection connection-${line.tone}`} data-testid="connection">
      <span class="connection-dot" />
      <span class="connection-words">
        {line.words}
        {line.tone === "broken" && line.why !== undefined ? (
          <small>{typeof line.why === "string" ? line.why : <Why failure={line.why} address={account} />}</small>
        ) : undefined}
      </span>
      {line.tone === "busy" && line.load !== undefined ? <LoadNow skew={line.load} /> : undefined}
      {line.tone === "broken" && line.password === true && again !== undefined ? (
        <Banner>{({ PasswordAgain }) => <PasswordAgain form={again} account={account} />}</Banner>
      ) : undefined}
      {line.tone === "broken" && line.retry ? (
        <button type="button" class="link" onClick={() => drop(app.engine.reconnect({}))}>
          {text("connection--try-now")}
        </button>
      ) : undefined}
    </div>
  );
}
