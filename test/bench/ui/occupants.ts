/** The members of a room of 5,000, which no server here would hold: the real screens with a scripted engine. */
import { openStage, READY_TIMEOUT_MS } from "../../screens/stage.ts";
import { budgetRow, figureRow, type Goal, type Rows, scrollThrough, slowed } from "./budget.ts";

const ROUNDS = 20;
const PAUSE_MS = 200;
const STEP_PX = 600;
const SCENE = "room-crowd";
const VIEWPORT = { width: 1180, height: 760 } as const;
const ROWS_MAX = 5_010;
const GOALS = { open: [100, 250], filter: [100, 200], frame: [25, 25] } as const satisfies Readonly<
  Record<string, Goal>
>;

export async function measureOccupants(): Promise<Rows> {
  const stage = await openStage();
  try {
    const { page, address } = stage;
    await page.setViewport(VIEWPORT);
    await page.goto(`${address}?scene=${SCENE}`);
    await page.waitForSelector(`html[data-ready="${SCENE}"]`, { timeout: READY_TIMEOUT_MS });
    const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const [opened, keys]: [number[], number[]] = [[], []];
    await slowed(page, async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        opened.push(Number(await page.evaluate(OPEN)));
        await pause();
      }
      for (let round = 0; round < ROUNDS; round += 1) {
        keys.push(await page.evaluate(look, round % 2 === 0 ? `${round}` : `walker ${4_000 + round}`));
        await pause();
        await page.evaluate(look, "");
        await pause();
      }
    });
    const { frames, most } = await page.evaluate(scrollThrough, ".devices", ".member", STEP_PX);
    return [
      budgetRow("press → the list of 5,000 in a room", opened, GOALS.open),
      budgetRow("key in its search → those who fit", keys, GOALS.filter),
      budgetRow("a frame while it is scrolled through", frames, GOALS.frame),
      figureRow("rows of it that are there in the end", most, ROWS_MAX, ""),
    ];
  } finally {
    await stage.close();
  }
}

/** From the conversation to its members, of whom nothing was known: until they have been painted. */
const OPEN = `(async () => {
  const { of } = app.place.peek().screen === "members" ? app.place.peek() : { of: app.place.peek().chat };
  app.go({ screen: "chats", chat: of });
  app.roomView.value = undefined;
  for (let n = 0; n < 3; n += 1) await new Promise(requestAnimationFrame);
  await new Promise((done) => setTimeout(done));
  const began = performance.now();
  app.go({ screen: "members", of });
  do await new Promise(requestAnimationFrame);
  while (document.querySelector(".member") === null);
  await new Promise((done) => setTimeout(done));
  return performance.now() - began;
})()`;

/** Milliseconds until the frame has been painted in which the rows are those that fit. Runs in the page. */
async function look(words: string): Promise<number> {
  const field = document.querySelector<HTMLInputElement>(".members-field input");
  if (field === null) throw new Error("There is no search");
  field.value = words;
  const stands = () => {
    const names = [...document.querySelectorAll(".member")].map((row) => row.textContent?.toLowerCase() ?? "");
    return names.length > 0 && names.every((name) => name.includes(words));
  };
  const began = performance.now();
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  do await new Promise(requestAnimationFrame);
  while (!stands());
  await new Promise((resolve) => setTimeout(resolve));
  return performance.now() - began;
}
