import type { Failure } from "../../../worker/contract/failures.ts";
import { text } from "../../i18n/text.ts";
import { Icon } from "./icon.tsx";
import { failureWords, useWhy } from "./why.tsx";

type Properties = {
  readonly id?: string;
  readonly failure: Failure | undefined;
  readonly address: string;
  /** In place of those for every place: whoever has them knows what the detail says. */
  readonly words?: string;
};

/** What went wrong, in words; read out as soon as it appears. */
export function FailureNote({ id, failure, address, words }: Properties) {
  const why = useWhy(failure, address);
  return (
    <div id={id} role="alert">
      {why === undefined ? undefined : (
        <div class="failure">
          <Icon name="alert" />
          <div>
            <p>{words ?? why.words}</p>
            {why.detail === undefined || words !== undefined ? undefined : (
              <small>{text("sign-in--detail", { detail: why.detail })}</small>
            )}
            {why.unsaid ? (
              <button type="button" class="link" onClick={() => failureWords.want()}>
                {text("later--retry")}
              </button>
            ) : undefined}
          </div>
        </div>
      )}
    </div>
  );
}
