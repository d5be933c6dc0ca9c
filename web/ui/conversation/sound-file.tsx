import type { ComponentChildren } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import type { SeenFile } from "../../engine/protocol/files.ts";
import { text } from "../../i18n/menus.ts";
import type { FileState } from "../../model/files/files.ts";
import type { FileView } from "../../model/files/file-view.ts";
import { filesOf } from "../../model/files/files-of.ts";
import { isVoice, soundOf } from "../../model/files/sounds-of.ts";
import { useApp } from "../hooks/use-app.ts";
import { listenTo } from "../page/microphone.ts";
import { SoundPlayer } from "./sound-player.tsx";

type Properties = {
  readonly item: MessageItem;
  readonly view: FileView | undefined;
  readonly state: FileState;
  readonly stop: boolean;
  readonly name: string;
  readonly load: () => void;
  readonly save: ComponentChildren;
  /** How far it is, or why it is not here. */
  readonly children: ComponentChildren;
};

/** A sound in a message: what somebody has said, or any other under its name. */
export function SoundFile({ item, view, state, stop, name, load, save, children }: Properties) {
  const app = useApp();
  const here = state.state === "here" ? state : undefined;
  const seen: Partial<SeenFile> = here?.seen ?? item.seen ?? {};
  const levels = seen.levels ?? view?.said?.levels;
  const seconds = seen.seconds ?? view?.seconds;
  const voice = isVoice(item);
  const file = here?.file;
  useEffect(() => {
    if (file === undefined || levels !== undefined) return;
    const listen = async () => {
      const heard = await listenTo(file, "others");
      if (heard === undefined) return;
      const { seconds: length } = heard;
      filesOf(app)?.files.learn(item.key, { levels: heard.levels, ...(seconds === undefined && { seconds: length }) });
    };
    drop(listen());
  }, [file]);
  const sound = useMemo(() => soundOf(app, item), [here?.shown, item.key]);
  const fresh = !item.outgoing && seen.played !== true;
  return (
    <div class="sound-line">
      <SoundPlayer
        of={item.key}
        name={voice ? text("voice--message") : name}
        sound={sound}
        onWanted={load}
        {...{ seconds, levels, stop, save }}
      >
        {fresh ? <span class="sound-new" role="img" aria-label={text("sound--new")} /> : undefined}
        {voice ? undefined : (
          <bdi class="file-name" title={name}>
            {name}
          </bdi>
        )}
      </SoundPlayer>
      {children}
    </div>
  );
}
