import { text } from "../../i18n/aside.ts";
import { useApp } from "../hooks/use-app.ts";
import { useFocus } from "../hooks/use-focus.ts";
import { Icon } from "../parts/icon.tsx";
import { Notices } from "../parts/notices.tsx";
import { About } from "./about.tsx";
import { AccountSettings } from "./account.tsx";
import { Appearance } from "./appearance.tsx";
import { EncryptionSettings } from "./encryption.tsx";
import { NotificationSettings } from "./notifications.tsx";
import { PrivacySettings } from "./privacy.tsx";
import { ThisBrowser } from "./this-browser.tsx";

/** Everything that can be chosen: for this device first, then for the person, then what there is to know. */
export function SettingsScreen() {
  const app = useApp();
  const title = useFocus<HTMLHeadingElement>();
  return (
    <main class="pane">
      <header class="head">
        <div class="column">
          <button
            type="button"
            class="icon-button"
            aria-label={text("dialog--back")}
            onClick={() => app.go({ screen: "chats" })}
          >
            <Icon name="back" />
          </button>
          <div class="head-words">
            <h2 ref={title} tabIndex={-1} aria-level={1}>
              {text("account--settings")}
            </h2>
          </div>
        </div>
      </header>
      <Notices />
      <div class="settings" data-scrolls>
        <Appearance />
        <NotificationSettings />
        <PrivacySettings />
        <EncryptionSettings />
        <ThisBrowser />
        <AccountSettings />
        <About />
      </div>
    </main>
  );
}
