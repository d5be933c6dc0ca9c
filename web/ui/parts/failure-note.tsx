import type { Failure } from "../../../worker/contract/failures.ts";
import { text } from "../../i18n/text.ts";
import { detailBeyondWords, failureText } from "../../model/failures.ts";
import { Icon } from "./icon.tsx";

type Properties = {
  readonly id?: string;
  readonly failure: Failure | undefined;
  readonly address: string;
  /** In place of those for every place. */
  readonly words?: string | undefined;
};

/** What went wrong, in words; read out as soon as it appears. */
export function FailureNote({ id, failure, address, words }: Properties) {
  const detail = failure && detailBeyondWords(failure, address);
  return (
    <div id={id} role="alert">
      {failure === undefined ? undefined : (
        <div class="failure">
          <Icon name="alert" />
          <div>
            <p>{words ?? failureText(failure, address)}</p>
            {detail === undefined ? undefined : <small>{text("sign-in--detail", { detail })}</small>}
          </div>
        </div>
      )}
    </div>
  );
}
