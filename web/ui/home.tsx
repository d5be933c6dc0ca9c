import { useEffect } from "preact/hooks";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { text } from "../i18n/text.ts";
import { Mark } from "./parts/icon.tsx";
import { NoticesBanner } from "./parts/banner.tsx";
import { failureWords } from "./parts/why.tsx";
import { useAhead } from "./hooks/use-ahead.ts";
import { BannersContext } from "./parts/banners.ts";
import { useApp } from "./hooks/use-app.ts";
import { useValue } from "./hooks/use-value.ts";
import { ChatList } from "./list/chat-list.tsx";
import { Rows } from "./list/rows.tsx";
import { ChatScreen } from "./conversation/chat.tsx";
import { menus } from "./conversation/later-menus.ts";
import { fetchLater, LaterPart } from "./page/later.ts";
import { rowMenu } from "./page/row-menu.ts";
import { FetchedDialog, FetchedPart, FetchedScreen } from "./parts/fetched.tsx";
import type { Place } from "../model/places.ts";

export const aside = new LaterPart(async () => {
  await fetchLater("aside");
  return import("./aside.tsx");
});

const screens = new LaterPart(async () => {
  await fetchLater("aside");
  return (await import("./aside.tsx")).fetchScreens();
});

const dialogs = new LaterPart(async () => {
  await fetchLater("aside");
  return (await import("./aside.tsx")).fetchDialogs();
});

const AHEAD = [aside, menus, failureWords];

function Inside({ place }: { readonly place: Place }) {
  const app = useApp();
  switch (place.screen) {
    case "devices":
    case "settings":
    case "collected":
    case "members":
    case "person":
    case "profile":
      return <FetchedScreen later={screens}>{({ OtherScreen }) => <OtherScreen place={place} />}</FetchedScreen>;
    case "chats":
      if (place.chat !== undefined) return <ChatScreen key={place.chat} chat={place.chat} />;
      return (
        <main class="pane pane-empty">
          <NoticesBanner />
          <div class="welcome">
            <Mark />
            <p>{text("list--welcome")}</p>
            <div class="welcome-actions">
              {(["new-chat", "invite-somebody"] as const).map((kind) => (
                <button
                  key={kind}
                  type="button"
                  class={kind === "new-chat" ? "button" : "button button-quiet"}
                  onClick={() => {
                    app.dialog.value = { kind };
                  }}
                >
                  {text(`list--${kind}`)}
                </button>
              ))}
            </div>
          </div>
        </main>
      );
    default:
      return missingCase(place);
  }
}

function OpenDialog() {
  const app = useApp();
  const close = () => {
    app.dialog.value = undefined;
  };
  if (useValue(app.dialog) === undefined) return null;
  return (
    <FetchedDialog later={dialogs} onClose={close}>
      {({ AnyDialog }) => <AnyDialog />}
    </FetchedDialog>
  );
}

function OpenRow() {
  const menu = useValue(rowMenu);
  if (menu === undefined) return null;
  const close = () => {
    rowMenu.value = undefined;
  };
  return (
    <FetchedDialog later={menus} onClose={close}>
      {({ RowMenu }) => <RowMenu menu={menu} />}
    </FetchedDialog>
  );
}

/** The list on one side, what was chosen on the other; one of the two on a phone. */
export function Home() {
  const app = useApp();
  const place = useValue(app.place);
  const live = useValue(app.live);
  useAhead(AHEAD);
  const fetched = useValue(aside.now);
  useEffect(() => {
    if (fetched.state === "here") fetched.part.notify(app);
  }, [fetched]);
  const inside = place.screen !== "chats" || place.chat !== undefined;
  const frame = (
    <div class={["frame", ...(inside ? ["frame-inside"] : []), ...(live ? [] : ["frame-cut"])].join(" ")}>
      <FetchedPart later={aside}>{({ AsideLandmarks }) => <AsideLandmarks inside={inside} />}</FetchedPart>
      <ChatList
        onSearch={() => {
          aside.want();
          const now = aside.now.peek();
          if (now.state === "here") now.part.warmSearch(app);
        }}
        search={
          <FetchedPart later={aside} instead={<Rows />}>
            {({ AsideSearch }) => <AsideSearch />}
          </FetchedPart>
        }
      />
      <Inside place={place} />
      <OpenDialog />
      <OpenRow />
    </div>
  );
  return <BannersContext.Provider value={aside}>{frame}</BannersContext.Provider>;
}
