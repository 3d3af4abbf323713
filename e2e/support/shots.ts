import { join } from "node:path";
import { type Page } from "@playwright/test";
import { LANGUAGES, show, THEMES } from "./look.js";
import { DESK, PHONE } from "./people.js";

const folder = process.env.LOTLINE_SHOTS;

/**
 * Pictures of a page, wide and narrow, in both languages and both themes, into the folder named by
 * LOTLINE_SHOTS; nothing without it. The page is loaded again for each look: what was typed is gone.
 */
export async function takeShots(page: Page, name: string): Promise<void> {
  if (!folder) return;
  const viewport = page.viewportSize() ?? DESK;
  const before = (await page.locator("html").getAttribute("lang")) === "en" ? "en" : "zh-CN";
  for (const language of LANGUAGES) {
    for (const theme of THEMES) {
      await show(page, language, theme);
      for (const size of [DESK, PHONE]) {
        await page.setViewportSize(size);
        const path = join(folder, `${name}-${size.width}-${language}-${theme}.png`);
        await page.screenshot({ path, fullPage: true, animations: "disabled" });
      }
    }
  }
  await page.setViewportSize(viewport);
  await show(page, before, "light");
}
