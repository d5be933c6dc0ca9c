/**
 * What is in the engine's second script (`later.ts`): signing in, the keeper of the device, what a person does to rooms,
 * keys and messages. One file names it all, so that the build makes one script of it; what the first script has, it has from there.
 */
import { typedJid } from "../address.ts";
import { importHistory } from "../handover/importing.ts";
import { DeviceKeeper } from "../devices/device-keeper.ts";
import { adoptKeys } from "../omemo/adopt-keys.ts";
import { createDevice } from "../omemo/identity.ts";
import { actOnRoom, inviteInto, sharedWith, viewOf } from "../rooms/room-acts.ts";
import { SealedChoices } from "../sealed/sealed-choices.ts";
import { storeReactions, storeRetraction } from "../sending/acting.ts";
import { deleteChat, forgetMessages } from "../store/delete-chat.ts";
import { devicesOf } from "../views/devices.ts";
import { keptAwayIn } from "../views/kept-away.ts";
import { nameChats } from "./naming.ts";
import { CostlyMessages } from "../reading/costly.ts";
import { historyOf } from "../reading/history.ts";
import { fillSheets } from "../store/fill-sheets.ts";
import { noteFile } from "../store/noted-file.ts";
import { noteStorage } from "./kept-storage.ts";
import { setOnlyVerified } from "./only-verified.ts";
import { signIn } from "./signing-in.ts";
import { forgetDevice, forgetLostDevice } from "./start-over.ts";
import { startChat } from "./starting.ts";

export const PART = {
  actOnRoom,
  adoptKeys,
  CostlyMessages,
  createDevice,
  deleteChat,
  DeviceKeeper,
  devicesOf,
  fillSheets,
  historyOf,
  importHistory,
  forgetDevice,
  forgetLostDevice,
  forgetMessages,
  inviteInto,
  keptAwayIn,
  nameChats,
  noteFile,
  noteStorage,
  SealedChoices,
  setOnlyVerified,
  signIn,
  sharedWith,
  startChat,
  storeReactions,
  storeRetraction,
  typedJid,
  viewOf,
} as const;
