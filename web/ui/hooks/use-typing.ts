import { computed } from "@preact/signals-core";
import { useMemo } from "preact/hooks";
import type { BareJid } from "../../../worker/contract/names.ts";
import { useApp } from "./use-app.ts";
import { useValue } from "./use-value.ts";

/** Who writes in a conversation now; it renders again only when that changes. */
export function useTyping(chat: BareJid): readonly string[] | undefined {
  const { typing } = useApp();
  return useValue(useMemo(() => computed(() => typing.now.value.get(chat)), [typing, chat]));
}
