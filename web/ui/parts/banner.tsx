import type { ComponentChildren } from "preact";
import type { NoticeView } from "../../engine/protocol/account.ts";
import { type Banners, useBanners } from "./banners.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { FetchedBanner } from "./fetched.tsx";

/** One of those that are fetched when there is something to say. */
export function Banner({ children }: { readonly children: (banners: Banners) => ComponentChildren }) {
  return <FetchedBanner later={useBanners()}>{children}</FetchedBanner>;
}

/** See `notices.tsx`. */
export function NoticesBanner() {
  const app = useApp();
  const behind = useValue(app.connection).encryption === "behind";
  if (!useValue(app.notices).some(isSaid) && !behind) return null;
  return <Banner>{({ Notices }) => <Notices />}</Banner>;
}

/** The state of the sealed copy is always there, and shown where there is news of it. */
function isSaid(notice: NoticeView): boolean {
  return notice.kind !== "sealed-copy" || notice.news !== undefined || notice.here === "reading";
}
