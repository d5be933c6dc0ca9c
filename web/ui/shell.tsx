import type { App } from "../model/app.ts";
import { missingCase } from "../engine/missing-case.ts";
import { LiveRegion } from "./parts/live-region.tsx";
import { Erasing } from "./screens/erasing.tsx";
import { Home } from "./screens/home.tsx";
import { SignInScreen } from "./screens/sign-in.tsx";
import { Starting } from "./screens/starting.tsx";
import { Stuck } from "./screens/stuck.tsx";
import { Unsupported } from "./screens/unsupported.tsx";
import { AppContext } from "./use-app.ts";
import { useValue } from "./use-value.ts";

function Screen({ app }: { readonly app: App }) {
  const session = useValue(app.session);
  const connection = useValue(app.connection);
  if (useValue(app.stuck)) return <Stuck />;
  if (connection.encryption === "unsupported") return <Unsupported missing="workers" />;
  switch (session.state) {
    case "starting":
      return <Starting />;
    case "signed-out":
      return <SignInScreen session={session} />;
    case "erasing":
      return <Erasing account={session.account} because={session.because} />;
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
