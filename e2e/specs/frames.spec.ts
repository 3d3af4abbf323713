// How smoothly a genealogy of ten thousand lots moves. Not a story: `make bench` asks for it by its tag.
import { type Page } from "@playwright/test";
import { type List } from "../support/api.js";
import { type Lot } from "../support/company.js";
import { settle } from "../support/settle.js";
import { expect, test } from "../support/test.js";

const COLUMNS = 20;
const FRAMES = 120;

interface Picture { nodes: object[]; edges: object[]; width: number; height: number; [other: string]: unknown }

/** A picture of so many lots in twenty columns, three lines to each, drawn from one of one lot. */
function grown(picture: Picture, many: number): Picture {
  const rows = many / COLUMNS;
  const nodes = Array.from({ length: many }, (_, place) => ({
    ...picture.nodes[0],
    x: Math.floor(place / rows) * 170,
    y: (place % rows) * 66,
  }));
  const edges = Array.from({ length: (many - rows) * 3 }, (_, place) => {
    const to = rows + Math.floor(place / 3);
    const from = Math.floor(to / rows - 1) * rows + ((to + (place % 3) * 7) % rows);
    return { from, to, certainty: place % 5 ? "scanned" : "inferred", count: 1 };
  });
  return { ...picture, nodes, edges, width: COLUMNS * 170, height: rows * 66 };
}

/** Milliseconds between frames while something is done before each; in order of size. */
async function frames(page: Page, act: "drag" | "wheel"): Promise<number[]> {
  return page.evaluate(async ({ act, many }) => {
    const graph = document.querySelector(".graph") as HTMLElement;
    const box = graph.getBoundingClientRect();
    const at = (turn: number) => ({ clientX: box.left + 400 + 150 * Math.sin(turn / 9), clientY: box.top + 250 + 100 * Math.cos(turn / 11) });
    const pointer = (kind: string, turn: number) =>
      graph.dispatchEvent(new PointerEvent(kind, { ...at(turn), pointerId: 1, buttons: 1, bubbles: true }));
    const next = () => new Promise<number>((done) => requestAnimationFrame(done));
    if (act === "drag") pointer("pointerdown", 0);
    const times: number[] = [];
    let last = await next();
    for (let turn = 0; turn < many; turn += 1) {
      if (act === "drag") pointer("pointermove", turn);
      else graph.dispatchEvent(new WheelEvent("wheel", { ...at(turn), deltaY: turn % 40 < 20 ? 40 : -40, bubbles: true, cancelable: true }));
      const now = await next();
      times.push(now - last);
      last = now;
    }
    if (act === "drag") pointer("pointerup", many);
    return times.sort((one, other) => one - other);
  }, { act, many: FRAMES });
}

test("frames of a genealogy @measure", async ({ browserOf, apiOf }) => {
  test.setTimeout(300_000);
  const { items } = await (await apiOf("quality")).read<List<Lot>>("/lots?limit=1");
  const page = await browserOf("quality");
  let many = 0;
  await page.route("**/trace-picture*", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: grown((await answer.json()) as Picture, many) });
  });
  const measured = new Map<string, number>();
  for (many of [100, 10_000]) {
    await page.goto(`/lots/${items[0]?.id ?? ""}/trace`);
    await settle(page);
    await expect(page.locator(".graph")).toBeVisible();
    for (const near of [false, true]) {
      if (near) for (let turn = 0; turn < 12; turn += 1) await page.locator(".trace__tools button").first().click();
      for (const act of ["drag", "wheel"] as const) {
        const times = await frames(page, act);
        const [half = NaN, worst = NaN] = [times[FRAMES / 2], times[Math.floor(FRAMES * 0.99)]];
        const name = `${near ? "near" : "whole"}, ${act}`;
        const before = measured.get(name);
        measured.set(name, half);
        const ratio = before ? `, ${(half / before).toFixed(2)} of the time with 100` : "";
        console.log(`${many} lots, ${name}: p50 ${half.toFixed(1)} ms, p99 ${worst.toFixed(1)} ms a frame${ratio}`);
      }
    }
  }
});
