/** All that is fuzzed: whatever reads what others wrote. */
import { base64 } from "./base64.ts";
import { bundles } from "./bundles.ts";
import { calls } from "./calls.ts";
import { frames } from "./frames.ts";
import { jids } from "./jids.ts";
import { protobuf } from "./protobuf.ts";
import { scram } from "./scram.ts";
import { stanzas } from "./stanzas.ts";
import { styling } from "./styling.ts";
import type { Target } from "./target.ts";
import { words } from "./words.ts";
import { xml } from "./xml.ts";

export const TARGETS: readonly Target[] = [
  xml,
  frames,
  calls,
  base64,
  protobuf,
  bundles,
  jids,
  scram,
  words,
  styling,
  stanzas,
].map((target) => target as Target);
