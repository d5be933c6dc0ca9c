import type { ComponentProps } from "preact";
import { FetchedPart } from "../parts/fetched.tsx";
import type { LinkCard as Card } from "./link-card.tsx";
import { menus } from "./later-menus.ts";

/** What a sender says of their link; until it can be drawn its room is there. */
export function LinkBeside(properties: ComponentProps<typeof Card>) {
  return (
    <FetchedPart later={menus} instead={<div class="linked-card" />}>
      {({ LinkCard }) => <LinkCard {...properties} />}
    </FetchedPart>
  );
}
