/** The settings, what is told while nobody looks, and who is typing. */
import type { App } from "../../web/model/app.ts";
import { BOB } from "./people.ts";
import { RIDGE_ROOM, room } from "./rooms.ts";
import { dialog, home, inRoom, LIVE, open, type Scene, withRoom } from "./scene.ts";

const TOLD = { connection: { ...LIVE, stayOnline: false } };

/** With this section of them in sight, or this setting. */
function settings(section?: string, setting?: string): Partial<Scene> {
  const sought = setting === undefined ? `[data-section="${section}"]` : `[data-setting="${setting}"]`;
  const show = () => {
    const part = document.querySelector(sought);
    if (part === null) requestAnimationFrame(show);
    else part.scrollIntoView({ block: "start" });
  };
  return {
    act: (app: App) => {
      app.go({ screen: "settings" });
      if (section !== undefined) show();
    },
  };
}

export const SETTINGS_SCENES: Readonly<Record<string, Scene>> = {
  settings: home(TOLD, settings()),
  "settings-notifications": home(TOLD, {
    ...settings("notifications"),
    notifying: { on: true, show: "who", sound: false, ring: false },
  }),
  "settings-ringing": home(
    { connection: { ...LIVE, stayOnline: true, looksIn: true, pushed: true } },
    {
      ...settings("notifications", "ring"),
      notifying: { on: true, show: "all", sound: true, ring: true, quiet: { from: 22 * 60, to: 7 * 60 } },
    },
  ),
  "settings-privacy": home(TOLD, settings("privacy")),
  "settings-browser": home(TOLD, settings("browser")),
  "settings-account": home(TOLD, settings("account")),
  "change-password": home(TOLD, { act: dialog({ kind: "change-password" }) }),
  "delete-account": home(TOLD, { act: dialog({ kind: "delete-account" }) }),
  "invite-newcomer": home(TOLD, { act: dialog({ kind: "invite-somebody" }), press: ["Make an invitation"] }),
  "server-invitation": home(TOLD, {
    act: dialog({
      kind: "server-invitation",
      invitation: { domain: "example.org", token: "TOKEN", inviter: BOB, makesAccount: true },
    }),
  }),
  "reactions-in-clear": home(TOLD, { act: dialog({ kind: "reactions", key: "a", emojis: ["👍"] }) }),
  export: home(TOLD, { act: dialog({ kind: "export" }) }),
  shortcuts: home(TOLD, { act: dialog({ kind: "shortcuts" }) }),
  "typing-to-us": home(TOLD, {
    act: (app) => {
      open(BOB)(app);
      app.typing.tell(BOB, [""]);
    },
  }),
  "typing-in-room": home(
    withRoom(room()),
    inRoom({
      act: (app) => {
        open(RIDGE_ROOM)(app);
        app.typing.tell(RIDGE_ROOM, ["Bob", "Mina"]);
      },
    }),
  ),
};
