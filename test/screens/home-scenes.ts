/** The list, what stands around it, and the connection. */
import type { FailureKind } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { MOUNTAIN, PORTRAIT } from "./pictures.ts";
import { ALICE, BOB, chat, MINA, NOW, RIDGE, STRANGER } from "./people.ts";
import { dialog, home, LIVE, open, type Scene, withChat } from "./scene.ts";

const NOBODY = "daneil@hut.example" as BareJid;

/** Many, and nothing said. */
const ROSTER = Array.from({ length: 5_000 }, (_, n) => chat(`p${n}@b.example` as BareJid, `Walker ${n}`, []));
const PICTURED = withChat(
  chat(BOB, "Bob Okafor", RIDGE, { available: false, picture: MOUNTAIN.id, nick: "bobo", verified: true }),
);
/** The account cannot get to its server by itself any more. */
const off = (kind: FailureKind) => ({ ...LIVE, link: { state: "off", failure: { kind } } }) as const;
const SEARCH = "Search conversations and messages";
const AGAIN = [[`Password of ${ALICE}`, "correct horse"]] as const;

export const HOME_SCENES: Readonly<Record<string, Scene>> = {
  list: home(),
  roster: home({ chats: ROSTER }),
  "list-empty": home({ chats: [] }),
  "list-filtered": home({}, { typed: [[SEARCH, "mi"]] }),
  "search-words": home({}, { typed: [[SEARCH, "the"]] }),
  "search-filters": home(
    {},
    {
      act: (app) => {
        app.filters.value = [
          { kind: "in", value: MINA },
          { kind: "after", value: "2024" },
        ];
      },
      typed: [[SEARCH, "o"]],
    },
  ),
  "search-suggests": home({}, { typed: [[SEARCH, "from:"]] }),
  "search-none": home({}, { typed: [[SEARCH, "zeppelin"]] }),
  "search-failed": home({}, { typed: [[SEARCH, "the"]], search: "broken" }),
  "search-slow": home({}, { typed: [[SEARCH, "xylo"]], search: "silent" }),
  "go-to-date": home({}, { act: dialog({ kind: "go-to-date", chat: BOB }) }),
  switcher: home({}, { act: dialog({ kind: "switcher" }) }),
  "switcher-typed": home({}, { act: dialog({ kind: "switcher" }), typed: [["Person, room or message", "ridge"]] }),
  "switcher-address": home(
    {},
    { act: dialog({ kind: "switcher" }), typed: [["Person, room or message", "new@somewhere.example"]] },
  ),
  "new-chat": home({}, { press: "New chat" }),
  "new-chat-suggests": home({}, { act: dialog({ kind: "new-chat" }), typed: [["Address", "m"]] }),
  pictures: home({ chats: PICTURED, profile: { nick: "Alice", picture: PORTRAIT.id } }, { act: open(BOB) }),
  person: home(
    { chats: PICTURED },
    { act: (app) => app.go({ screen: "person", of: BOB }), lastSeen: NOW - 5 * 60_000, sharedRooms: [MINA] },
  ),
  "person-unknown": home({}, { act: (app) => app.go({ screen: "person", of: STRANGER }) }),
  profile: home({ profile: { nick: "Alice", picture: PORTRAIT.id } }, { act: (app) => app.go({ screen: "profile" }) }),
  "profile-new": home({}, { act: (app) => app.go({ screen: "profile" }) }),
  "rename-contact": home({}, { act: dialog({ kind: "rename-contact", jid: BOB }) }),
  "remove-contact": home({}, { act: dialog({ kind: "remove-contact", jid: BOB }) }),
  block: home({}, { act: dialog({ kind: "block", jid: BOB }) }),
  "delete-chat": home({}, { act: dialog({ kind: "delete-chat", jid: BOB }) }),
  "kept-away": home(
    {},
    {
      act: dialog({ kind: "kept-away" }),
      keptAway: [
        { jid: MINA, name: "Mina Sato", how: "blocked" },
        { jid: STRANGER, name: STRANGER, how: "declined" },
      ],
    },
  ),
  "kept-away-nobody": home({}, { act: dialog({ kind: "kept-away" }) }),
  blocked: home({ chats: withChat(chat(BOB, "Bob Okafor", RIDGE, { relation: "blocked" })) }, { act: open(BOB) }),
  "absent-account": home(
    { chats: [chat(NOBODY, NOBODY, [], { relation: "stranger", encryption: "unavailable", absent: "account" })] },
    { act: open(NOBODY), messages: {} },
  ),
  "absent-server": home(
    { chats: [chat(NOBODY, NOBODY, [], { relation: "stranger", encryption: "unavailable", absent: "server" })] },
    { act: open(NOBODY), messages: {} },
  ),
  "new-chat-wrong": home(
    {},
    {
      press: "New chat",
      start: { kind: "address-invalid" },
      act: (app) =>
        void setTimeout(
          () => document.querySelector<HTMLElement>("dialog [type=submit]")?.click(),
          200 + Number(app.unread.value),
        ),
    },
  ),
  reconnecting: home(
    { connection: { ...LIVE, link: { state: "waiting", until: NOW + 12_000, failure: { kind: "refused" } } } },
    { act: open(BOB) },
  ),
  "storage-full": home({ connection: off("storage-full") }, { act: open(BOB) }),
  "catching-up": home({ connection: { ...LIVE, link: { state: "live", caughtUp: false } } }),
  spent: home({ connection: { ...LIVE, socket: "waiting", until: NOW + 90_000, spent: true } }),
  "no-network": home({ connection: { ...LIVE, socket: "waiting", offline: true } }),
  "no-network-chat": home({ connection: { ...LIVE, socket: "waiting", offline: true } }, { act: open(BOB) }),
  offline: home({ connection: { ...LIVE, socket: "waiting", until: NOW + 4_000 } }),
  "page-older": home(
    { connection: { ...LIVE, skew: { contract: 4, object: "newer", unsent: false } } },
    { act: open(BOB) },
  ),
  "page-older-list": home({ connection: { ...LIVE, skew: { contract: 4, object: "newer", unsent: false } } }),
  "object-older": home(
    { connection: { ...LIVE, skew: { contract: 1, object: "older", unsent: true } } },
    { act: open(BOB) },
  ),
  "again-unfit": home({ connection: off("keys-unfit") }, { act: open(BOB) }),
  "again-unfit-list": home({ connection: off("keys-unfit") }),
  "again-changed": home(
    { connection: off("wrong-password") },
    { act: open(BOB), typed: AGAIN, press: "Sign in", signIn: { kind: "wrong-password" } },
  ),
  "again-consent": home(
    { connection: off("locked") },
    { act: open(BOB), typed: AGAIN, press: "Sign in", signIn: { kind: "only-plain" } },
  ),
  "again-busy": home({ connection: off("locked") }, { typed: AGAIN, press: "Sign in" }),
  "missing-pep": home({ connection: { ...LIVE, encryption: "missing-pep" } }),
  behind: home({ connection: { ...LIVE, encryption: "behind" } }, { act: open(BOB) }),
  "behind-list": home({ connection: { ...LIVE, encryption: "behind" } }),
  "behind-confirm": home(
    { connection: { ...LIVE, encryption: "behind" } },
    {
      act: (app) => {
        open(BOB)(app);
        app.dialog.value = { kind: "start-anew" };
      },
    },
  ),
  "account-menu": home({}, { press: "Account menu" }),
  "sign-out": home(
    {},
    {
      act: (app) => {
        app.dialog.value = { kind: "sign-out" };
      },
    },
  ),
};
