/** What stands in the composer of one conversation, and what becomes of it when it is sent. */
import { batch, type ReadonlySignal, signal } from "@preact/signals-core";
import type { SharedFile } from "../../../worker/contract/media.ts";
import { isVisible, withoutBlankEdges } from "../../words/visible.ts";
import type { ShownItem } from "./corrections.ts";

/** A message of its own, an answer to one, or another text for an own one that was sent. */
export type Mode =
  | { readonly kind: "message" }
  | { readonly kind: "answer"; readonly to: ShownItem }
  /** `instead`: what was being written when the editing began. */
  | { readonly kind: "edit"; readonly of: ShownItem; readonly instead: Draft };

type Draft = { readonly text: string; readonly mode: Exclude<Mode, { readonly kind: "edit" }> };

/** `details`, `file`: what is said beside it, encrypted and in clear (`Engine.send`). */
export type Written = { readonly text: string; readonly mode: Mode } & Beside;
export type Beside = { readonly details?: string; readonly file?: SharedFile };

const MESSAGE = { kind: "message" } as const;

export class Writing {
  readonly text = signal("");
  /** What goes beside the text when it is sent: of this text alone, as whoever sets it makes sure. */
  readonly beside = signal<string | undefined>(undefined);
  readonly #mode = signal<Mode>(MESSAGE);

  get mode(): ReadonlySignal<Mode> {
    return this.#mode;
  }

  /** What is written, apart from an edit: it is what comes back when the edit is over. */
  get draft(): Draft {
    const mode = this.#mode.value;
    return mode.kind === "edit" ? mode.instead : { text: this.text.value, mode };
  }

  /** The next message answers this one; what is written already stays, an edit is left. */
  answer(to: ShownItem): void {
    batch(() => {
      if (this.#mode.peek().kind === "edit") this.cancel();
      this.#mode.value = { kind: "answer", to };
    });
  }

  /** The text of an own message, to be changed; what was being written comes back afterwards. */
  edit(of: ShownItem): void {
    if (of.body.kind !== "text") return;
    const { text } = of.body;
    batch(() => {
      const mode = this.#mode.peek();
      const instead = mode.kind === "edit" ? mode.instead : { text: this.text.peek(), mode };
      this.#mode.value = { kind: "edit", of, instead };
      this.text.value = text;
    });
  }

  /** Leaves an answer or an edit. False: there was none. */
  cancel(): boolean {
    const mode = this.#mode.peek();
    batch(() => {
      if (mode.kind === "edit") this.text.value = mode.instead.text;
      this.#mode.value = mode.kind === "edit" ? mode.instead.mode : MESSAGE;
    });
    return mode.kind !== "message";
  }

  leaveAnswer(): void {
    if (this.#mode.peek().kind === "answer") this.cancel();
  }

  /**
   * What is to be sent, and the composer is as before. Undefined where there is nothing to send: no words, or an edit that
   * has changed none, which is over.
   */
  take(): Written | undefined {
    const text = withoutBlankEdges(this.text.peek());
    const mode = this.#mode.peek();
    if (!isVisible(text)) return undefined;
    if (mode.kind === "edit") {
      this.cancel();
      return mode.of.body.kind === "text" && mode.of.body.text === text ? undefined : { text, mode };
    }
    const details = this.beside.peek();
    batch(() => {
      this.text.value = "";
      this.beside.value = undefined;
      this.#mode.value = MESSAGE;
    });
    return { text, mode, ...(details !== undefined && { details }) };
  }
}
