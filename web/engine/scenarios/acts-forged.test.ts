/** Acts travel in clear, and names of messages are anybody's to give: what nobody can make others' browsers do. */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import type { Act, ActTarget } from "../../../worker/contract/entries.ts";
import type { BareJid, EntryId } from "../../../worker/contract/names.ts";
import type { OmemoMessage } from "../../../worker/contract/omemo.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, type Fixture, twoBrowsers } from "../testing/fixture.ts";
import { ROOM, roomForTwo } from "../testing/room-fixture.ts";

let fixture: Fixture;

afterEach(() => fixture.end());

/** What alice sees of a conversation: texts, and what stands where one was taken back. */
async function shown(who: TestBrowser, chat: BareJid): Promise<readonly string[]> {
  return (await who.items(chat)).map(({ body }) => (body.kind === "text" ? body.text : body.reason));
}

describe("T20: in a room that hides addresses", () => {
  const MALLORY = { nick: "mallory", id: "o-mallory" };

  /** What somebody says there, and the room's id of it. */
  function says(occupant: { readonly nick: string; readonly id: string }, text: string, originId: string, id: string) {
    const archive = { by: ROOM, id };
    const content = { kind: "clear", text } as const;
    return fixture.object(ALICE).deliver({ chat: ROOM, sender: ROOM, occupant, originId, archive, content }).id;
  }

  function acts(act: Act, occupant?: { readonly nick: string; readonly id: string }): void {
    const told = { chat: ROOM, sender: ROOM, originId: crypto.randomUUID(), act, content: { kind: "none" } } as const;
    fixture.object(ALICE).deliver({ ...told, ...(occupant && { occupant }) });
  }

  async function aliceInside(): Promise<TestBrowser> {
    const scene = await roomForTwo();
    ({ fixture } = scene);
    await scene.fixture.enters(scene.alice, ALICE);
    return scene.alice;
  }

  it("a moderation takes the message that the room means, whatever another one calls itself", async () => {
    const alice = await aliceInside();
    says(MALLORY, "spam", "m1", "s1");
    says(MALLORY, "decoy", "s1", "s2");
    acts({ kind: "moderation", of: { id: "s1" } });
    await fixture.hasReadAll(alice);
    assert.deepEqual(await shown(alice, ROOM), ["moderated", "decoy"]);
  });

  it("a moderation spares the message whose id the moderated one has taken, and takes none by its sender's name", async () => {
    const alice = await aliceInside();
    says({ nick: "bob", id: "o-bob" }, "hello", "b1", "s1");
    const entry: EntryId = says(MALLORY, "spam", "b1", "s2");
    // As the object tells it: with the entry, and the name that its sender gave.
    const of: ActTarget = { id: "b1", to: ROOM, entry };
    acts({ kind: "moderation", of: { id: "b1", to: ROOM } });
    await fixture.hasReadAll(alice);
    assert.deepEqual(await shown(alice, ROOM), ["hello", "spam"]);
    acts({ kind: "moderation", of });
    await fixture.hasReadAll(alice);
    assert.deepEqual(await shown(alice, ROOM), ["hello", "moderated"]);
  });

  it("nobody keeps somebody else from taking their message back by giving one the same id", async () => {
    const alice = await aliceInside();
    const bob = { nick: "bob", id: "o-bob" };
    says(MALLORY, "decoy", "b1", "s1");
    says(bob, "oops", "b1", "s2");
    acts({ kind: "retraction", of: { id: "b1" } }, bob);
    await fixture.hasReadAll(alice);
    assert.deepEqual(await shown(alice, ROOM), ["decoy", "retracted"]);
  });

  it("S7: whoever writes under another member's device number takes back nothing of theirs", async () => {
    const scene = await roomForTwo();
    ({ fixture } = scene);
    const { alice, bob } = scene;
    await scene.fixture.enters(alice, ALICE);
    await scene.fixture.enters(bob, BOB);
    await bob.send({ chat: ROOM, text: "mine" });
    await alice.waitForTexts(ROOM, ["mine"]);
    // Who is a member, and which devices they have, is known to her from here on.
    await alice.send({ chat: ROOM, text: "yours" });
    await bob.waitForTexts(ROOM, ["mine", "yours"]);
    const id = fixture.texts(BOB, ROOM)[0]?.client ?? "";
    assert.notEqual(id, "");
    const [sid] = fixture.object(BOB).devices;
    const omemo = { sid, iv: "AAAAAAAAAAAAAAAA", keys: [] } as unknown as OmemoMessage;
    const act = { kind: "retraction", of: { id, to: BOB } } as const;
    const told = { chat: ROOM, sender: ROOM, occupant: MALLORY, originId: "m9" } as const;
    fixture.object(ALICE).deliver({ ...told, act, content: { kind: "omemo", omemo } });
    await fixture.hasReadAll(alice);
    assert.deepEqual(await shown(alice, ROOM), ["mine", "yours"]);
  });
});

describe("a flood", () => {
  const FLOOD = 520;

  it("of acts about messages that nobody has costs no other conversation those that it waits with", async () => {
    const made = await twoBrowsers();
    ({ fixture } = made);
    const object = fixture.object(ALICE);
    const told = (sender: BareJid, id: string) =>
      ({
        chat: sender,
        sender,
        act: { kind: "reactions", of: { id }, emojis: ["👀"] },
        content: { kind: "none" },
      }) as const;
    object.deliver(told(BOB, "late"));
    for (let n = 0; n < FLOOD; n += 1) object.deliver(told(CAROL, `nothing${n}`));
    await fixture.hasReadAll(made.firefox);
    assert.equal((await made.firefox.rows("acts")).length, 101);
    object.deliver({ chat: BOB, sender: BOB, originId: "late", content: { kind: "clear", text: "late" } });
    await until(async () => (await made.firefox.items(BOB)).at(-1)?.reactions?.[0]?.emojis[0] === "👀");
  });

  it("of reactions by ever new names pushes out others', never our own", async () => {
    const made = await twoBrowsers();
    ({ fixture } = made);
    const { firefox } = made;
    const object = fixture.object(ALICE);
    object.deliver({ chat: CAROL, sender: CAROL, originId: "c1", content: { kind: "clear", text: "hello" } });
    await firefox.waitForTexts(CAROL, ["hello"]);
    const [item] = await firefox.items(CAROL);
    await firefox.engine.react({ key: item?.key ?? "", emojis: ["👍"] });
    const act = { kind: "reactions", of: { id: "c1", to: CAROL }, emojis: ["👎"] } as const;
    for (let n = 0; n < FLOOD; n += 1) {
      const sender = `eve${n}@e.example` as BareJid;
      object.deliver({ chat: CAROL, sender, act, content: { kind: "none" } });
    }
    await fixture.hasReadAll(firefox);
    const { reactions = [] } = (await firefox.items(CAROL))[0] ?? {};
    assert.deepEqual([reactions.length, reactions.filter(({ own }) => own).length], [201, 1]);
  });
});

describe("a correction of what was taken back", () => {
  async function scene(): Promise<TestBrowser> {
    const made = await twoBrowsers();
    ({ fixture } = made);
    const { firefox } = made;
    deliver({ originId: "c1", content: { kind: "clear", text: "secret" } });
    deliver({ originId: "c2", replaces: "c1", content: { kind: "clear", text: "secret again" } });
    deliver({ originId: "c3", act: { kind: "retraction", of: { id: "c1" } }, content: { kind: "none" } });
    await fixture.hasReadAll(firefox);
    assert.deepEqual(await shown(firefox, CAROL), ["retracted"]);
    return firefox;
  }

  function deliver(message: Omit<Parameters<ReturnType<Fixture["object"]>["deliver"]>[0], "chat" | "sender">): void {
    fixture.object(ALICE).deliver({ chat: CAROL, sender: CAROL, ...message });
  }

  it("that comes late shows nothing", async () => {
    const firefox = await scene();
    deliver({ originId: "c4", replaces: "c1", content: { kind: "clear", text: "secret after all" } });
    await fixture.hasReadAll(firefox);
    assert.deepEqual(await shown(firefox, CAROL), ["retracted"]);
  });

  it("does not come back with another log", async () => {
    const firefox = await scene();
    const object = fixture.object(ALICE);
    object.epoch = "another";
    object.log = object.log.map((entry) => ({ ...entry, id: crypto.randomUUID() as EntryId }));
    await firefox.crash();
    deliver({ originId: "c5", content: { kind: "clear", text: "later" } });
    await until(async () => (await shown(firefox, CAROL)).includes("later"));
    assert.deepEqual(await shown(firefox, CAROL), ["retracted", "later"]);
    assert.ok(!JSON.stringify(await firefox.rows("messages")).includes("secret"));
  });
});
