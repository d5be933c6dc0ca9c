/** The words that go after a file: they wait for it where they will stand. */
import type { ClientId } from "../../../worker/contract/names.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import type { FileRow } from "../conversation/sending.ts";

/** The file that they go after. */
type Of = { readonly item: MessageItem; retry(): void; withoutCaption(): void };

export class CaptionRow implements FileRow {
  readonly #of: Of;
  readonly item: MessageItem;

  constructor(of: Of, { client: key, text }: { readonly client: ClientId; readonly text: string }) {
    this.#of = of;
    const { seen: _file, ...place } = of.item;
    this.item = { ...place, key, body: { kind: "text", text }, state: "waiting" };
  }

  retry(): void {
    this.#of.retry();
  }

  discard(): void {
    this.#of.withoutCaption();
  }
}
