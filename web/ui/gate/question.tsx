import type { ComponentChildren } from "preact";
import { useFocus } from "../hooks/use-focus.ts";
import { Mark } from "../parts/icon.tsx";

/** In place of the form: a question. Its title gets the focus, so that it is read out and Enter agrees to nothing. */
export function Question({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  const heading = useFocus<HTMLHeadingElement>();
  return (
    <section class="gate-card">
      <Mark />
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </section>
  );
}
