import type { BareJid } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import type { DeviceItem } from "../../engine/protocol/account.ts";
import { compareDevices, deviceName, deviceState, isShownDevice, trustMark } from "../../model/devices.ts";
import type { DialogView } from "../../model/places.ts";
import { FailureNote } from "../parts/failure-note.tsx";
import { Icon, type IconName } from "../parts/icon.tsx";
import { Notices } from "../parts/notices.tsx";
import { RowShapes } from "../parts/shapes.tsx";
import { nameOf } from "../../model/chats.ts";
import { useApp } from "../hooks/use-app.ts";
import { MINUTE_MS, useNow } from "../hooks/use-now.ts";
import { useValue } from "../hooks/use-value.ts";
import { Action } from "./action.tsx";
import { PageHead } from "../parts/page-head.tsx";

/** What an own browser runs on; of other apps nobody knows. */
function deviceIcon({ kind, browser }: DeviceItem): IconName {
  if (browser === undefined) return "app";
  return kind === undefined || kind === "computer" ? "devices" : kind;
}

function Trust({ device }: { readonly device: DeviceItem }) {
  const mark = trustMark(device);
  if (mark === undefined) return null;
  return (
    <span class={`device-trust device-trust-${mark.tone}`}>
      {mark.tone === "quiet" ? undefined : <Icon name={mark.tone === "good" ? "verified" : "alert"} />}
      {text(mark.key)}
    </span>
  );
}

type Row = { readonly jid: BareJid; readonly device: DeviceItem; readonly own: boolean; readonly now: number };

/** What it is called, how it stands, how far it is trusted; everything else is behind a tap. */
function Device({ jid, device, own, now }: Row) {
  const app = useApp();
  return (
    <li
      class={device.signedOut ? "device device-gone" : "device"}
      data-device={device.device}
      data-browser={device.browser}
      data-here={device.here}
    >
      <button
        type="button"
        class="device-row"
        onClick={() => {
          app.dialog.value = { kind: "device", jid, device: device.device, browser: device.browser };
        }}
      >
        <Icon name={deviceIcon(device)} />
        <span class="device-words">
          <bdi class="device-name">{deviceName(device, own)}</bdi>
          <span>{deviceState(device, now)}</span>
        </span>
        <Trust device={device} />
        <Icon name="next" />
      </button>
    </li>
  );
}

/** Every device that can read an account's messages. */
export function DevicesScreen({ of }: { readonly of: BareJid | undefined }) {
  const app = useApp();
  const view = useValue(app.devices);
  const chats = useValue(app.chats);
  const now = useNow(MINUTE_MS);
  const name = of === undefined ? undefined : nameOf(of, chats);
  const ask = (dialog: DialogView) => () => {
    app.dialog.value = dialog;
  };
  const back = of === undefined ? { screen: "chats" as const } : { screen: "chats" as const, chat: of };
  const own = of === undefined;
  const shown = view?.devices.filter(isShownDevice).toSorted(compareDevices) ?? [];
  const others = view?.devices.some(({ browser, here }) => browser !== undefined && !here) === true;
  return (
    <main class="pane">
      <PageHead title={name === undefined ? text("devices--title") : text("devices--title-of", { name })} back={back} />
      <Notices />
      <div class="devices" data-scrolls>
        <p class="devices-lead">{name === undefined ? text("devices--lead") : text("devices--lead-of", { name })}</p>
        {view?.failure !== undefined ? (
          <>
            <FailureNote failure={view.failure} address={of ?? ""} />
            <button type="button" class="button" onClick={() => drop(app.loadDevices(of))}>
              {text("later--retry")}
            </button>
          </>
        ) : view === undefined ? (
          <RowShapes />
        ) : view.failure !== undefined ? (
          <FailureNote failure={view.failure} address={view.jid} />
        ) : shown.length === 0 ? (
          <p class="devices-lead">{text("devices--none")}</p>
        ) : (
          <ul class="device-list" aria-label={text("account--devices")}>
            {shown.map((device) => (
              <Device key={device.device ?? device.browser} jid={view.jid} device={device} own={own} now={now} />
            ))}
          </ul>
        )}
        {view === undefined || view.failure !== undefined ? undefined : (
          <ul class="device-list device-others">
            {of === undefined ? (
              <Action icon="qr" act={ask({ kind: "own-link" })}>
                {text("link--own")}
              </Action>
            ) : (
              <Action icon="qr" act={ask({ kind: "verify-link", jid: of })}>
                {text("link--verify", { name: name ?? of })}
              </Action>
            )}
            {others ? (
              <Action icon="leave" bad={true} act={ask({ kind: "revoke-others" })}>
                {text("devices--sign-out-others")}
              </Action>
            ) : undefined}
          </ul>
        )}
      </div>
    </main>
  );
}
