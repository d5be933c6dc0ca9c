import { useEffect } from "preact/hooks";
import type { App } from "../model/app.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { LiveRegion } from "./parts/live-region.tsx";
import { aside, Home } from "./home.tsx";
import { SignInScreen } from "./gate/sign-in.tsx";
import { Starting } from "./gate/starting.tsx";
import { Stuck } from "./gate/stuck.tsx";
import { Unsupported } from "./gate/unsupported.tsx";
import { AppContext } from "./hooks/use-app.ts";
import { useValue } from "./hooks/use-value.ts";
import { FetchedGate } from "./parts/fetched.tsx";
import { linkHere } from "./page/invitation.ts";

/** Whoever comes with an invitation, or opens one here, has what is fetched later fetched at once. */
function useInvitation(app: App): void {
  const now = useValue(aside.now);
  const part = now.state === "here" ? now.part : undefined;
  useEffect(() => {
    const look = () => {
      if (!linkHere()) return;
      if (part) part.takeLink(app);
      else aside.want();
    };
    look();
    // For good, as this is: one that has no part yet only wants it once more.
    addEventListener("hashchange", look);
  }, [part]);
}

function Screen({ app }: { readonly app: App }) {
  const session = useValue(app.session);
  const connection = useValue(app.connection);
  useInvitation(app);
  if (useValue(app.stuck)) return <Stuck />;
  if (connection.encryption === "unsupported") return <Unsupported missing="workers" />;
  if (connection.encryption === "not-kept") return <Unsupported missing="kept-keys" />;
  switch (session.state) {
    case "starting":
      return <Starting />;
    case "signed-out":
      return <SignInScreen session={session} later={aside} />;
    case "erasing":
      return <FetchedGate later={aside}>{({ Erasing }) => <Erasing account={session.account} />}</FetchedGate>;
    case "signed-in":
      return <Home />;
    default:
      return missingCase(session);
  }
}

/** The whole page. */
export function Shell({ app }: { readonly app: App }) {
  return (
    <AppContext.Provider value={app}>
      <Screen app={app} />
      <LiveRegion words={app.announcement} />
    </AppContext.Provider>
  );
}
