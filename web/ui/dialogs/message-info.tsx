import { useEffect, useState } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import type { DeviceItem, LeftOut } from "../../engine/protocol/account.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import { plural, text } from "../../i18n/aside.ts";
import { fingerprintStart, fullTime } from "../../model/format.ts";
import { plainWords } from "../../model/message-words.ts";
import { nameOf } from "../../model/chats.ts";
import { Dialog } from "../parts/dialog.tsx";
import { LeftOutList } from "../parts/left-out.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";

/** The listed devices that cannot read it: of the other side, of others in a room, of ourselves. */
function NotEncryptedFor({
  devices,
  own,
}: {
  readonly devices: readonly LeftOut[];
  readonly own: readonly DeviceItem[];
}) {
  const app = useApp();
  const account = useValue(app.account);
  const chats = useValue(app.chats);
  const ownerOf = ({ jid, device }: LeftOut) => {
    if (jid !== account) return nameOf(jid, chats);
    return text("left-out--own", { name: own.find((one) => one.device === device)?.name ?? text("devices--unnamed") });
  };
  return (
    <div class="left-out-note">
      <p>{plural("message-info--left-out", devices.length)}</p>
      <LeftOutList devices={devices} ownerOf={ownerOf} />
    </div>
  );
}

type Fact = { readonly name: string; readonly value: string; readonly title?: string | undefined };

/** How far it has come: each step that is known, with its time where somebody has told it. */
function stepsOf({ at, outgoing, state, times }: MessageItem, reader: string): readonly Fact[] {
  if (!outgoing) return [{ name: text("message-info--received"), value: fullTime(at) }];
  const read = state === "read";
  const delivered = read || state === "delivered";
  const unknown = text("message-info--time-unknown");
  const readBy =
    times?.read === undefined ? reader : text("message-info--by", { name: reader, time: fullTime(times.read) });
  return [
    {
      name: text("message-info--sent"),
      value: state === "waiting" || state === "failed" ? text(`state--${state}`) : fullTime(at),
    },
    ...(delivered
      ? [
          {
            name: text("message-info--delivered"),
            value: times?.delivered === undefined ? unknown : fullTime(times.delivered),
          },
        ]
      : []),
    ...(read ? [{ name: text("message-info--read"), value: readBy }] : []),
  ];
}

/** What those on its way see of it. */
function sightsOf({ encrypted, quote, edited }: MessageItem): readonly Fact[] {
  const around = quote !== undefined || edited === true ? "message-info--around-answers" : "message-info--around";
  return [
    {
      name: text("message-info--text"),
      value: text(encrypted ? "message-info--text-devices" : "message-info--text-servers"),
    },
    { name: text(around), value: text("message-info--servers") },
  ];
}

/** `label`: of those whose names are sentences. */
function Facts({ facts, label }: { readonly facts: readonly Fact[]; readonly label?: string }) {
  return (
    <dl class={label === undefined ? "facts" : "facts facts-sights"} aria-label={label}>
      {facts.map(({ name, value, title }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd title={title}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The texts that its author has put others in the place of, the newest first. */
function Earlier({ item: { earlier = [] } }: { readonly item: MessageItem }) {
  if (earlier.length === 0) return null;
  return (
    <>
      <h3>{text("message-info--earlier")}</h3>
      <ol class="earlier-texts" aria-label={text("message-info--earlier")}>
        {earlier.toReversed().map(({ text: words, at }) => (
          <li key={at}>
            <time dateTime={new Date(at).toISOString()}>{fullTime(at)}</time>
            <blockquote dir="auto">{plainWords(words)}</blockquote>
          </li>
        ))}
      </ol>
    </>
  );
}

/** What is known of a message, one fact a line, and then who can see what of it. */
export function MessageInfo({ item, onClose }: { readonly item: MessageItem; readonly onClose: () => void }) {
  const app = useApp();
  const chats = useValue(app.chats);
  const [devices, setDevices] = useState<readonly DeviceItem[]>([]);
  const { device, chat, outgoing, encrypted, archived, leftOut, moderator, moderatedWhy, handedBy } = item;
  useEffect(() => {
    if (device === undefined) return;
    const look = async () => setDevices((await app.engine.devices({ jid: outgoing ? undefined : chat })).devices);
    drop(look());
  }, [device, chat, outgoing]);
  const known = devices.find((one) => one.device === device);
  const fingerprint = known?.fingerprint;
  const from = (): Fact => {
    const key = text("message-info--key", { fingerprint: fingerprintStart(fingerprint ?? "") });
    const value = known?.name === undefined ? key : `${known.name} (${key})`;
    return { name: text("message-info--device"), value, title: fingerprint };
  };
  const facts: readonly Fact[] = [
    ...stepsOf(item, nameOf(chat, chats)),
    ...(fingerprint === undefined ? [] : [from()]),
    {
      name: text("message-info--encryption"),
      value: text(encrypted ? "message-info--encrypted" : "message-info--clear"),
    },
    ...(handedBy === undefined
      ? []
      : [
          {
            name: text("message-info--handed"),
            value:
              handedBy === "" ? text("message-info--handed-file") : text("message-info--handed-by", { name: handedBy }),
          },
        ]),
    ...(moderator === undefined && moderatedWhy === undefined
      ? []
      : [{ name: text("message-info--moderated"), value: [moderator, moderatedWhy].filter(Boolean).join(": ") }]),
    ...(archived === true ? [{ name: text("message-info--archive"), value: text("message-info--archived") }] : []),
  ];
  return (
    <Dialog title={text("message-info--title")} onClose={onClose}>
      <Facts facts={facts} />
      {leftOut === undefined ? undefined : <NotEncryptedFor devices={leftOut} own={devices} />}
      <Earlier item={item} />
      <h3>{text("message-info--who")}</h3>
      <Facts facts={sightsOf(item)} label={text("message-info--who")} />
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" autofocus onClick={onClose}>
          {text("message-info--close")}
        </button>
      </div>
    </Dialog>
  );
}
