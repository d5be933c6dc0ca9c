/** The largest that either end takes of anything. */

export const LIMITS = {
  /** Characters (UTF-16 code units) of one message's text. */
  textLength: 20_000,
  /** Base64 characters of one OMEMO payload. */
  payloadLength: 128 * 1024,
  /** Base64 characters of what is said beside one. */
  detailsLength: 20 * 1024,
  /** Keys in one OMEMO header. */
  keys: 2_000,
  /** Of them for one device number: two people may have drawn the same one, for clients of old draw from 2^14. */
  keysOfOne: 2,
  /** Base64 characters of one OMEMO key. */
  keyLength: 4_096,
  /** Devices read from one device list (XEP-0384 names no limit; 200 is generous). */
  devicesPerJid: 200,
  /** Pre-keys in one bundle. */
  preKeys: 200,
  addressLength: 3_071,
  passwordLength: 1_024,
  /** Rounds of PBKDF2 that a browser does for a server (RFC 7677 §4): fewer are guessed too cheaply, more are work for nothing. */
  leastIterations: 4_096,
  mostIterations: 1_000_000,
  /** Base64 characters of a salt. */
  saltLength: 1_024,
  browserNameLength: 60,
  /** Characters of what stands behind `#invite=`. */
  invitationLength: 100,
  browsers: 32,
  /** Sign-ins of one account that wait for their browser; one more ends the oldest wait. */
  waitingSignIns: 8,
  /** For a browser to make its keys: a million rounds take a slow phone some seconds. */
  signInWaitMs: 30_000,
  /** Messages that one call may answer for, and conversations it may tell a position of. */
  receipts: 200,
  /** Characters of an id that another client gave. */
  referenceLength: 256,
  /** Reactions of one person to one message, and characters of each: a flag or a family takes many. */
  emojis: 20,
  emojiLength: 40,
  /** Characters of a nickname in a room. */
  nickLength: 100,
  /** Characters of a room's name, and of the password that it asks for. */
  roomNameLength: 200,
  /** Characters of what a room says of itself on a list, and rooms that one call asks about. */
  roomDescriptionLength: 500,
  roomsAsked: 20,
  /** Of what a room is about; of a reason why somebody was put out, a room closed, a message taken away. */
  subjectLength: 1_000,
  reasonLength: 300,
  /** Bytes of a picture of somebody, and base64 characters of it. */
  pictureBytes: 256 * 1024,
  pictureLength: 352 * 1024,
  /** Of our own: what XEP-0084 §3.1 calls suitable, and twice the points of the largest place where it is shown. */
  ownPictureBytes: 64 * 1024,
  ownPictureLength: 88 * 1024,
  ownPictureSide: 512,
  /** Characters of what a person calls themselves, or a contact. */
  nameLength: 200,
  /** Choices that one call may change, choices that are kept, and characters of a choice's name or value. */
  choices: 100,
  choicesKept: 5_000,
  choiceLength: 100,
  /** Characters of one that is sealed. */
  sealedChoiceLength: 44_000,
  /** Base64 characters of what one browser hands another at a time; of one browser in a minute, with how many calls and roads. */
  relayLength: 128 * 1024,
  relayLengthAMinute: 64 * 1024 * 1024,
  relaysAMinute: 1_500,
  roadsAMinute: 32,
  /** Of the sealed copy: base64 characters of a chunk, of the manifest, of what a passkey keeps; chunks that there may be, and that one step adds. */
  copyChunkLength: 512 * 1024,
  copyManifestLength: 256 * 1024,
  copyPasskeyLength: 4_096,
  copyChunks: 2_000,
  copyAdded: 8,
  /** Entries in one frame. */
  pageEntries: 200,
  /** Entries sent to one browser beyond what it has acknowledged. */
  windowEntries: 400,
  /** Bytes of one frame from a browser. */
  browserFrameBytes: 16 * 1024,
} as const;
