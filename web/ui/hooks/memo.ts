import { type Component, createElement, type FunctionComponent } from "preact";
import { alike } from "../../alike.ts";

/**
 * A component that is rendered again only when one of its properties is another value, not whenever what is around it is.
 *
 * @example const Row = memo(({ row }: { readonly row: Row }) => <li>{row.key}</li>);
 */
export function memo<Properties extends object>(inner: FunctionComponent<Properties>): FunctionComponent<Properties> {
  return function Memo(this: Component<Properties>, properties: Properties) {
    this.shouldComponentUpdate = (next) => !alike<object>(this.props, next);
    return createElement(inner, properties);
  };
}
