import { missingCase } from "../../worker/shared/missing-case.ts";
import { text } from "../i18n/text.ts";
import { Mark } from "./parts/icon.tsx";
import { Notices } from "./parts/notices.tsx";
import { useApp } from "./hooks/use-app.ts";
import { useValue } from "./hooks/use-value.ts";
import { ChatList } from "./list/chat-list.tsx";
import { ChatScreen } from "./conversation/chat.tsx";
import { DevicesScreen } from "./people/devices.tsx";
import { Dialogs } from "./dialogs/dialogs.tsx";
import { RoomMembers } from "./people/room-members.tsx";
import type { Place } from "../model/places.ts";

function Inside({ place }: { readonly place: Place }) {
  switch (place.screen) {
    case "devices":
      return <DevicesScreen key={place.of ?? "own"} of={place.of} />;
    case "members":
      return <RoomMembers key={place.of} of={place.of} />;
    case "chats":
      if (place.chat !== undefined) return <ChatScreen key={place.chat} chat={place.chat} />;
      return (
        <main class="pane pane-empty">
          <Notices />
          <div class="welcome">
            <Mark />
            <p>{text("list--welcome")}</p>
          </div>
        </main>
      );
    default:
      return missingCase(place);
  }
}

/** The list on one side, what was chosen on the other; one of the two on a phone. */
export function Home() {
  const app = useApp();
  const place = useValue(app.place);
  const inside = place.screen !== "chats" || place.chat !== undefined;
  return (
    <div class={inside ? "frame frame-inside" : "frame"}>
      <ChatList />
      <Inside place={place} />
      <Dialogs />
    </div>
  );
}
