import type { App } from "../model/app.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { LiveRegion } from "./parts/live-region.tsx";
import { Erasing } from "./gate/erasing.tsx";
import { Home } from "./home.tsx";
import { SignInScreen } from "./gate/sign-in.tsx";
import { Starting } from "./gate/starting.tsx";
import { Stuck } from "./gate/stuck.tsx";
import { Unsupported } from "./gate/unsupported.tsx";
import { AppContext } from "./hooks/use-app.ts";
import { useValue } from "./hooks/use-value.ts";

function Screen({ app }: { readonly app: App }) {
  const session = useValue(app.session);
  const connection = useValue(app.connection);
  if (useValue(app.stuck)) return <Stuck />;
  if (connection.encryption === "unsupported") return <Unsupported missing="workers" />;
  if (connection.encryption === "not-kept") return <Unsupported missing="kept-keys" />;
  switch (session.state) {
    case "starting":
      return <Starting />;
    case "signed-out":
      return <SignInScreen session={session} />;
    case "erasing":
      return <Erasing account={session.account} />;
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
