import type { Failure } from "../../../worker/contract/failures.ts";
import { text } from "../../i18n/aside.ts";

/** What did not come about with the sealed copy; undefined: the words for every place do. */
export function copyFailure({ kind, detail }: Failure): string | undefined {
  if (kind !== "copy") return undefined;
  switch (detail) {
    case "exists":
    case "none":
    case "key":
    case "full":
    case "forged":
      return text(`copy--failed-${detail}`);
    default:
      return undefined;
  }
}
