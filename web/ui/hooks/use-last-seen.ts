import { useEffect, useState } from "preact/hooks";
import type { BareJid, Time } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { useApp } from "./use-app.ts";
import { useValue } from "./use-value.ts";

/** When a contact was there last; undefined while they are, and where nobody knows. Asked when somebody looks. */
export function useLastSeen(jid: BareJid, asks: boolean): Time | undefined {
  const app = useApp();
  const live = useValue(app.live);
  const [seen, setSeen] = useState<{ readonly jid: BareJid; readonly at: Time | undefined } | undefined>(undefined);
  useEffect(() => {
    if (!asks || !live) return undefined;
    let wanted = true;
    drop(
      app.engine.ask({ call: "lastSeen", about: { jid } }).then((answer) => {
        if (wanted && answer.ok) setSeen({ jid, at: answer.value.at });
      }),
    );
    return () => {
      wanted = false;
    };
  }, [app, jid, asks, live]);
  return asks && seen?.jid === jid ? seen.at : undefined;
}
