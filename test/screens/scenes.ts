/** Every screen in every state worth looking at. A scene is what the engine says and what the person did. */
import { CHAT_SCENES } from "./chat-scenes.ts";
import { DEVICE_SCENES } from "./device-scenes.ts";
import { FILE_SCENES } from "./file-scenes.ts";
import { COLLECTED_SCENES } from "./collected-scenes.ts";
import { LINK_SCENES } from "./link-scenes.ts";
import { GATE_SCENES } from "./gate-scenes.ts";
import { HOME_SCENES } from "./home-scenes.ts";
import { LIST_SCENES } from "./list-scenes.ts";
import { ROOM_SCENES } from "./room-scenes.ts";
import { NAME_SCENES } from "./name-scenes.ts";
import type { Scene } from "./scene.ts";
import { SETTINGS_SCENES } from "./settings-scenes.ts";
import { STATE_SCENES } from "./state-scenes.ts";
import { VOICE_SCENES } from "./voice-scenes.ts";
import { WRITING_SCENES } from "./writing-scenes.ts";

export const SCENES: Readonly<Record<string, Scene>> = {
  ...GATE_SCENES,
  ...HOME_SCENES,
  ...LIST_SCENES,
  ...CHAT_SCENES,
  ...FILE_SCENES,
  ...LINK_SCENES,
  ...COLLECTED_SCENES,
  ...VOICE_SCENES,
  ...WRITING_SCENES,
  ...ROOM_SCENES,
  ...NAME_SCENES,
  ...DEVICE_SCENES,
  ...SETTINGS_SCENES,
  ...STATE_SCENES,
};
