import type { BareJid, BrowserId, DeviceId } from "../../../worker/contract/names.ts";
import { text } from "../../i18n/aside.ts";
import type { DeviceItem } from "../../engine/protocol/account.ts";
import { date, seen } from "../../model/format.ts";
import { Fingerprint } from "../parts/fingerprint.tsx";
import { Icon, type IconName } from "../parts/icon.tsx";
import { Notices } from "../parts/notices.tsx";
import { RowShapes } from "../parts/shapes.tsx";
import { TRUSTS } from "../dialogs/devices.tsx";
import { nameOf } from "../../model/room.ts";
import { useApp } from "../hooks/use-app.ts";
import { useFocus } from "../hooks/use-focus.ts";
import { MINUTE_MS, useNow } from "../hooks/use-now.ts";
import { useValue } from "../hooks/use-value.ts";

function stateOf(device: DeviceItem, now: number): string | undefined {
  if (device.dormant === true) return text("devices--dormant");
  if (device.signedOut) return text("devices--signed-out");
  if (!device.listed) return text("devices--unlisted");
  if (device.attached || device.here) return text("devices--online");
  return device.lastSeen === undefined ? undefined : text("devices--seen", { when: seen(device.lastSeen, now) });
}

/** Ends the session of another own browser, after a question. */
function SignOutButton(of: { readonly browser: BrowserId; readonly name: string; readonly signedOut: boolean }) {
  const { browser, name, signedOut } = of;
  const app = useApp();
  return (
    <button
      type="button"
      class="button button-quiet device-action"
      aria-label={text(signedOut ? "devices--remove-of" : "devices--sign-out-of", { name })}
      onClick={() => {
        app.dialog.value = { kind: "revoke", browser, name, gone: signedOut };
      }}
    >
      {text(signedOut ? "devices--remove" : "devices--sign-out")}
    </button>
  );
}

function numberOf({ device }: DeviceItem): string {
  return device === undefined ? text("devices--no-device") : text("devices--number", { device: String(device) });
}

function DecideButton({ jid, device }: { readonly jid: BareJid; readonly device: DeviceId }) {
  const app = useApp();
  return (
    <button
      type="button"
      class="button button-quiet device-action"
      aria-label={text("device--open-of", { device: String(device) })}
      onClick={() => {
        app.dialog.value = { kind: "device", jid, device };
      }}
    >
      {text("device--open")}
    </button>
  );
}

function trustWords({ changedTo, trust }: DeviceItem): string | undefined {
  if (changedTo !== undefined) return text("trust--changed");
  return trust === undefined ? undefined : text(TRUSTS[trust]);
}

function iconOf({ kind }: DeviceItem): IconName {
  return kind === undefined || kind === "computer" ? "devices" : kind;
}

type Row = { readonly jid: BareJid; readonly device: DeviceItem; readonly now: number };

function Device({ jid, device, now }: Row) {
  const state = stateOf(device, now);
  const since =
    device.firstSeen === undefined || device.signedOut
      ? undefined
      : text("devices--since", { when: date(device.firstSeen) });
  const name = device.name ?? text("devices--unnamed");
  return (
    <li class={device.listed ? "device" : "device device-gone"} data-device={device.device} data-here={device.here}>
      <Icon name={iconOf(device)} />
      <div class="device-words">
        <h3>
          <bdi>{name}</bdi>
          {device.here ? <span class="row-mark">{text("devices--here")}</span> : undefined}
        </h3>
        <p>{[trustWords(device), state, since, numberOf(device)].filter((part) => part !== undefined).join(" · ")}</p>
        {device.device === undefined ? undefined : device.fingerprint === undefined ? (
          <p class="row-quiet">{text("devices--no-fingerprint")}</p>
        ) : (
          <Fingerprint digits={device.fingerprint} />
        )}
      </div>
      {device.here || device.device === undefined ? undefined : <DecideButton jid={jid} device={device.device} />}
      {device.browser === undefined || device.here ? undefined : (
        <SignOutButton browser={device.browser} name={name} signedOut={device.signedOut} />
      )}
    </li>
  );
}

/** This browser first, then those in use, then the others. */
function order(a: DeviceItem, b: DeviceItem): number {
  return (
    Number(b.here) - Number(a.here) ||
    Number(a.signedOut) - Number(b.signedOut) ||
    Number(b.listed) - Number(a.listed) ||
    (b.lastSeen ?? 0) - (a.lastSeen ?? 0)
  );
}

/** Every device that can read an account's messages, with what identifies it. */
export function DevicesScreen({ of }: { readonly of: BareJid | undefined }) {
  const app = useApp();
  const view = useValue(app.devices);
  const chats = useValue(app.chats);
  const now = useNow(MINUTE_MS);
  const name = of === undefined ? undefined : nameOf(of, chats);
  const title = useFocus<HTMLHeadingElement>();
  const back = of === undefined ? { screen: "chats" as const } : { screen: "chats" as const, chat: of };
  return (
    <main class="pane">
      <header class="head">
        <button type="button" class="icon-button" aria-label={text("dialog--back")} onClick={() => app.go(back)}>
          <Icon name="back" />
        </button>
        <div class="head-words">
          <h2 ref={title} tabIndex={-1}>
            {name === undefined ? text("devices--title") : text("devices--title-of", { name })}
          </h2>
        </div>
      </header>
      <Notices />
      <div class="devices">
        <p class="devices-lead">{name === undefined ? text("devices--lead") : text("devices--lead-of", { name })}</p>
        {view === undefined ? (
          <RowShapes />
        ) : view.devices.length === 0 ? (
          <p class="devices-lead">{text("devices--none")}</p>
        ) : (
          <ul class="device-list" aria-label={text("account--devices")}>
            {[...view.devices].sort(order).map((device) => (
              <Device key={device.device ?? device.browser} jid={view.jid} device={device} now={now} />
            ))}
          </ul>
        )}
        {view === undefined ? undefined : (
          <p class="devices-others">
            <button
              type="button"
              class="button button-quiet"
              onClick={() => {
                app.dialog.value = of === undefined ? { kind: "own-link" } : { kind: "verify-link", jid: of };
              }}
            >
              {text(of === undefined ? "link--own" : "link--verify")}
            </button>
          </p>
        )}
        {view?.devices.some(({ browser, here }) => browser !== undefined && !here) === true ? (
          <p class="devices-others">
            <button
              type="button"
              class="button button-quiet"
              onClick={() => {
                app.dialog.value = { kind: "revoke-others" };
              }}
            >
              {text("devices--sign-out-others")}
            </button>
          </p>
        ) : undefined}
      </div>
    </main>
  );
}
