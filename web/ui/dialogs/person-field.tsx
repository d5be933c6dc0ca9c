import type { Signal } from "@preact/signals-core";
import { useId, useState } from "preact/hooks";
import type { BareJid } from "../../../worker/contract/names.ts";
import { parseBareJid } from "../../../worker/shared/jid.ts";
import { plural, text as late } from "../../i18n/aside.ts";
import { text } from "../../i18n/text.ts";
import { isAway, pictureOf, type ShownChat } from "../../model/chats.ts";
import { suggestPeople } from "../../model/suggest.ts";
import { addressText } from "../../words/names.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Avatar } from "../parts/avatar.tsx";
import { Field } from "../parts/field.tsx";

type Properties = {
  readonly value: Signal<string>;
  /** Somebody was chosen from the suggestions. */
  readonly onPick: (person: ShownChat) => void;
  /** Enter on a whole address is no end of the form: where several are named, this is one of them. */
  readonly onAddress?: (address: BareJid) => void;
  readonly label?: string;
  readonly without?: ReadonlySet<BareJid>;
  readonly wrong?: boolean;
  /** Has the focus, and shows people before anything is typed; default: yes. */
  readonly focus?: boolean;
  readonly describedBy?: string;
};

/**
 * The address of somebody, with the contacts that fit what is typed below it. The first of them is what Enter means, as
 * long as no address is being typed; arrows choose another (the combobox pattern of WAI-ARIA).
 */
export function PersonField({
  value,
  onPick,
  onAddress,
  label,
  without,
  wrong,
  focus = true,
  describedBy,
}: Properties) {
  const app = useApp();
  const typed = useValue(value);
  const chats = useValue(app.chats);
  const list = useId();
  const [moved, setMoved] = useState<BareJid | undefined>(undefined);
  const people = focus || typed !== "" ? suggestPeople(chats.values(), typed, without) : [];
  const chosen = people.findIndex(({ jid }) => jid === moved);
  const naming = typed.trim() !== "" && !typed.includes("@");
  const active = chosen >= 0 ? chosen : naming && people.length > 0 ? 0 : -1;
  const pick = (person: ShownChat) => {
    setMoved(undefined);
    onPick(person);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const person = people[active];
    // From where the one before has led: it may not have been drawn yet.
    const next = (before: BareJid | undefined) => {
      const at = people.findIndex(({ jid }) => jid === before);
      const from = at >= 0 ? at : active;
      return people[(Math.max(from, step > 0 ? -1 : 0) + step + people.length) % people.length]?.jid;
    };
    if (step !== 0 && people.length > 0) setMoved(next);
    else if (event.key === "Enter" && !event.isComposing && person !== undefined) pick(person);
    else if (event.key === "Enter" && !event.isComposing && onAddress !== undefined && typed.includes("@")) {
      const address = parseBareJid(value.peek().trim());
      if (address === undefined) return;
      if (without?.has(address)) value.value = "";
      else onAddress(address);
    } else return;
    event.preventDefault();
  };
  return (
    <div class="person-field">
      <Field
        value={value}
        label={label ?? text("sign-in--address")}
        kind="new-address"
        placeholder={late("new-chat--address-hint")}
        focus={focus}
        {...(wrong !== undefined && { wrong })}
        {...(describedBy !== undefined && { describedBy })}
        suggests={{ list, active: active < 0 ? undefined : `${list}-${active}`, open: people.length > 0, onKeyDown }}
      />
      <div
        class="suggestions"
        role="listbox"
        id={list}
        aria-label={late("suggest--label")}
        hidden={people.length === 0}
      >
        {people.map((person, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus
          <div
            key={person.jid}
            id={`${list}-${at}`}
            class="suggestion"
            role="option"
            tabIndex={-1}
            aria-selected={at === active}
            data-jid={person.jid}
            onClick={() => pick(person)}
          >
            <Avatar
              jid={person.jid}
              name={person.name}
              available={person.available}
              away={isAway(person)}
              picture={pictureOf(person)}
            />
            <span class="person-words">
              <bdi>{person.name}</bdi>
              <span dir="ltr">{addressText(person.jid)}</span>
            </span>
          </div>
        ))}
      </div>
      <span class="unseen" role="status">
        {naming ? plural("suggest--count", people.length) : ""}
      </span>
    </div>
  );
}
