/** A story: one stack, people in front of browsers, contacts with other apps, and tests that follow each other. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inProject } from "../../tools/project.ts";
import { axeFindings } from "./axe.ts";
import { type PeerOptions, PythonPeer } from "../interop/python-peer.ts";
import { type Stack, type StackOptions, startStack } from "../stack.ts";
import type { Account } from "../xmpp-server/accounts.ts";
import { Person, type PersonOptions } from "./person.ts";
import { kindsOnScreen } from "./screen.ts";
import { note, unseen } from "./seen-kinds.ts";
import { losePatience, patience } from "./waiting.ts";

const FAILURES = "test/screenshots/failures";
const PICTURE_WITHIN_MS = 5_000;
const ANSWERS_WITHIN_MS = 5_000;
/** What drivers say of a page that went while it was asked. */
const GONE =
  /context was destroyed|detached|Target closed|Session closed|Connection closed|no such frame|Cannot find context/i;

export class Story {
  readonly #options: StackOptions;
  readonly #people = new Set<Person>();
  readonly #peers = new Set<PythonPeer>();
  /** What was on the screen when axe looked at it last. */
  readonly #looked = new WeakMap<Person, string>();
  #stack: Stack | undefined;

  private constructor(options: StackOptions) {
    this.#options = options;
  }

  /**
   * Starts a stack before the first test of this file and ends everything after the last. The page is served as it lies on the
   * disk; `start: startDevWorker` puts the asset server of a deployment before it, which is what some stories are about.
   */
  static stage(options: StackOptions): Story {
    const story = new Story(options);
    before(async () => {
      story.#stack = await startStack(options);
    });
    after(() => story.#end());
    return story;
  }

  get stack(): Stack {
    assert.ok(this.#stack, "the stack has been started");
    return this.#stack;
  }

  /** Opens a browser with a fresh profile. */
  async person(options: PersonOptions): Promise<Person> {
    // Whoever has the account open elsewhere lets a new browser in.
    const others = (account: Account, newcomer: Person) =>
      [...this.#people].filter((one) => one !== newcomer && one.account === account && !one.page.isClosed());
    const person = await Person.open(this.stack, { others, ...options });
    this.#people.add(person);
    return person;
  }

  /** Somebody with a fresh profile who has signed in. */
  async signedIn(account: Account, options: PersonOptions): Promise<Person> {
    const person = await this.person(options);
    await person.signIn(account);
    return person;
  }

  /** Another tab of somebody's browser. */
  async secondTab(of: Person): Promise<Person> {
    const tab = await of.secondTab();
    this.#people.add(tab);
    return tab;
  }

  /** A contact with another app. */
  async peer(account: Account, options?: PeerOptions): Promise<PythonPeer> {
    const peer = await PythonPeer.start(this.stack, account, options);
    this.#peers.add(peer);
    return peer;
  }

  /** Somebody has closed the browser and is not coming back. */
  async leaves(person: Person): Promise<void> {
    this.#people.delete(person);
    assert.deepEqual(person.troubles.found, [], `nothing went wrong behind the page of ${person.called}`);
    await person.close();
  }

  /** A tab that was closed while its browser goes on. */
  forget(tab: Person): void {
    this.#people.delete(tab);
    assert.deepEqual(tab.troubles.found, [], `nothing went wrong behind the page of ${tab.called}`);
  }

  /**
   * A test. At its end nothing may have gone wrong behind any page, and what stands there is at fault by no rule of axe;
   * after a failure there are pictures of all.
   */
  test(name: string, play: () => Promise<void>): void {
    // node:test waits for its tests by itself.
    void test(name, async () => {
      try {
        await play();
        for (const { called, troubles } of this.#people) {
          assert.deepEqual(troubles.found, [], `nothing went wrong behind the page of ${called}`);
        }
        for (const person of this.#people) await this.#looksIfNew(person);
      } catch (error) {
        losePatience();
        for (const { page } of this.#people) page.setDefaultTimeout(patience());
        await this.#keepPictures(name);
        throw error;
      }
    });
  }

  /** A screen with something that no story of this run has shown before. What a story cares for, `looksAt` looks at each time. */
  async #looksIfNew(person: Person): Promise<void> {
    try {
      // A page that was stopped, as browsers stop one behind others, answers nothing.
      const unanswered = sleep(ANSWERS_WITHIN_MS, [], { ref: false });
      const kinds = person.page.isClosed() ? [] : await Promise.race([kindsOnScreen(person.page), unanswered]);
      const fresh = await unseen(kinds);
      if (fresh.length === 0) return;
      if (await this.looksAt(person)) await note(fresh);
    } catch (error) {
      // A page on its way to another one, or that crashes with its browser, is no screen any more; the next test looks.
      if (!(error instanceof Error && GONE.test(error.message))) throw error;
    }
  }

  /** What somebody has on the screen is at fault by no rule of axe. @returns false where nothing is looked at */
  async looksAt(person: Person): Promise<boolean> {
    const { page, called, troubles } = person;
    // A page of the last release is as it was, and what is behind another tab is seen by nobody.
    if (
      this.#options.page !== undefined ||
      this.#options.olderPages === true ||
      page.isClosed() ||
      new URL(page.url()).origin !== troubles.home
    )
      return false;
    const seen = await page.evaluate(() => (document.visibilityState === "visible" ? document.body?.innerHTML : ""));
    if (seen === "" || seen === undefined) return false;
    if (this.#looked.get(person) === seen) return true;
    assert.deepEqual(await axeFindings(page), [], `axe finds nothing on the screen of ${called}`);
    this.#looked.set(person, seen);
    return true;
  }

  /** Does something that takes the Worker away from the pages, which browsers write into their consoles. */
  async outage(act: () => Promise<void>): Promise<void> {
    for (const { troubles } of this.#people) troubles.outage = true;
    await act();
    // What its console has said until now is told before its answer; one that is stopped or gone says nothing more.
    const asked = ({ page }: Person) => page.evaluate(() => undefined).catch(() => undefined);
    await Promise.all(
      [...this.#people].map((person) =>
        Promise.race([asked(person), sleep(ANSWERS_WITHIN_MS, undefined, { ref: false })]),
      ),
    );
    for (const { troubles } of this.#people) troubles.outage = false;
  }

  async #keepPictures(test: string): Promise<void> {
    const folder = inProject(FAILURES);
    await mkdir(folder, { recursive: true });
    for (const person of this.#people) {
      const name = `${this.#options.name} ${test} ${person.called}`.replace(/[^a-z0-9]+/gi, "-").slice(0, 120);
      try {
        // A tab behind another one may draw nothing, and the driver would wait for its picture without an end.
        await person.page.bringToFront();
        await Promise.race([
          person.page.screenshot({ path: `${join(folder, name)}.png` }),
          sleep(PICTURE_WITHIN_MS, undefined, { ref: false }).then(() => Promise.reject(new Error("it draws nothing"))),
        ]);
        const words = [await person.words(), ...person.troubles.found].join("\n----\n");
        await writeFile(`${join(folder, name)}.txt`, words);
      } catch (error) {
        // A page that is gone cannot be pictured; the failure itself is told anyway.
        console.error(`no picture of ${person.called}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  async #end(): Promise<void> {
    const ends = [
      ...[...this.#people].map((person) => person.close()),
      ...[...this.#peers].map((peer) => peer.close()),
    ];
    const results = await Promise.allSettled(ends);
    await this.#stack?.stop();
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }
}
