import { useId } from "preact/hooks";
import { Icon, type IconName } from "./icon.tsx";

export type MenuItem = { readonly icon: IconName; readonly label: string; readonly act: () => void };

type Properties = {
  readonly id: string;
  readonly place: "above" | "below";
  readonly items: readonly MenuItem[];
};

/** A short list of actions in a popover; the button that opens it names it by `popovertarget`. */
export function Menu({ id, place, items }: Properties) {
  return (
    <div id={id} popover="auto" class={`menu menu-${place}`}>
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          class="menu-item"
          onClick={(event) => {
            event.currentTarget.closest<HTMLElement>("[popover]")?.hidePopover();
            item.act();
          }}
        >
          <Icon name={item.icon} />
          {item.label}
        </button>
      ))}
    </div>
  );
}

/** A name for a menu that is unique on the page. */
export function useMenuId(): string {
  return `menu-${useId()}`;
}
