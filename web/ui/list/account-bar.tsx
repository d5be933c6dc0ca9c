import { text } from "../../i18n/text.ts";
import { connectionLine } from "../../model/connection.ts";
import { Avatar } from "../parts/avatar.tsx";
import { Icon } from "../parts/icon.tsx";
import { Menu, useMenuId } from "../parts/menu.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { accountNow } from "../../model/clock.ts";

/** Whose account this is, whether it is connected, and what can be done with it. */
export function AccountBar() {
  const app = useApp();
  const account = useValue(app.account);
  const connection = useValue(app.connection);
  const profile = useValue(app.profile);
  const menu = useMenuId();
  if (account === undefined) return null;
  const { tone } = connectionLine(connection, account, accountNow());
  return (
    <footer class="account">
      <div class="account-line">
        <span class={`account-dot account-${tone}`} />
        {profile.picture === undefined ? undefined : (
          <Avatar jid={account} name={profile.nick ?? account} picture={{ jid: account, id: profile.picture }} />
        )}
        <span class="account-name" dir="ltr">
          {account}
        </span>
        {/* It takes a press anywhere on the line; the address is no part of what it is called. */}
        <button type="button" class="account-button" popovertarget={menu} aria-label={text("account--menu")}>
          <Icon name="more" />
        </button>
      </div>
      <Menu
        id={menu}
        place="above"
        items={[
          { icon: "name", label: text("account--profile"), act: () => app.go({ screen: "profile" }) },
          { icon: "devices", label: text("account--devices"), act: () => app.go({ screen: "devices" }) },
          { icon: "settings", label: text("account--settings"), act: () => app.go({ screen: "settings" }) },
          {
            icon: "leave",
            label: text("account--sign-out"),
            act: () => {
              app.dialog.value = { kind: "sign-out" };
            },
          },
        ]}
      />
    </footer>
  );
}
