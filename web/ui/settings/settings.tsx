import { text } from "../../i18n/aside.ts";
import { Notices } from "../parts/notices.tsx";
import { About } from "./about.tsx";
import { AccountSettings } from "./account.tsx";
import { Appearance } from "./appearance.tsx";
import { EncryptionSettings } from "./encryption.tsx";
import { NotificationSettings } from "./notifications.tsx";
import { PrivacySettings } from "./privacy.tsx";
import { ThisBrowser } from "./this-browser.tsx";
import { PageHead } from "../parts/page-head.tsx";

/** Everything that can be chosen: for this device first, then for the person, then what there is to know. */
export function SettingsScreen() {
  return (
    <main class="pane">
      <PageHead title={text("account--settings")} back={{ screen: "chats" }} />
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
