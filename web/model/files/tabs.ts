/** How the tabs of this browser agree about files on their way (`uploads.ts`). */
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Told } from "./told.ts";
import type { Tabs } from "./uploads.ts";

export function tabsOf(account: BareJid): Tabs {
  const channel = new BroadcastChannel(`alcove-uploads:${account}`);
  let open = true;
  return {
    alone: (name, job, signal) => navigator.locks.request(name, { signal }, job),
    say: (told) => {
      if (open) channel.postMessage(told);
    },
    hear: (heard) => channel.addEventListener("message", ({ data }) => heard(data as Told)),
    end: () => {
      open = false;
      channel.close();
    },
  };
}
