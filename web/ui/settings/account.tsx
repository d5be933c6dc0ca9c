import { text } from "../../i18n/aside.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { hearsText } from "./hears.ts";
import { Fact, Leading, Section } from "./rows.tsx";

/** Whose account this is, when it is online, and the way out. */
export function AccountSettings() {
  const app = useApp();
  const account = useValue(app.account) ?? "";
  const { stayOnline, looksIn, pushed } = useValue(app.connection);
  return (
    <Section name="account" title={text("settings--account")}>
      <Fact label={text("settings--address")}>
        <bdi class="setting-address">{account}</bdi>
      </Fact>
      <Leading
        label={text("settings--link")}
        about={text("settings--link-about")}
        act={() => {
          app.dialog.value = { kind: "invite-somebody" };
        }}
      />
      <Leading
        label={text("stay-online--title")}
        about={
          looksIn === true
            ? hearsText("sometimes", pushed)
            : text(stayOnline === true ? "settings--stays-online" : "settings--sleeps")
        }
        act={() => {
          app.dialog.value = { kind: "stay-online" };
        }}
      />
      <Leading
        label={text("change-password--title")}
        about={text("change-password--about")}
        act={() => {
          app.dialog.value = { kind: "change-password" };
        }}
      />
      <Leading
        label={text("account--sign-out")}
        bad={true}
        act={() => {
          app.dialog.value = { kind: "sign-out" };
        }}
      />
      <Leading
        label={text("delete-account--open")}
        about={text("delete-account--about")}
        bad={true}
        act={() => {
          app.dialog.value = { kind: "delete-account" };
        }}
      />
    </Section>
  );
}
