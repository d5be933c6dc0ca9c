import { Icon } from "./icon.tsx";

/** What is wrong with what was typed, read out as soon as it is said; undefined: nothing. Looks as a failure does. */
export function WrongNote({ words }: { readonly words: string | undefined }) {
  return (
    <div role="alert">
      {words === undefined ? undefined : (
        <div class="failure">
          <Icon name="alert" />
          <p>{words}</p>
        </div>
      )}
    </div>
  );
}
