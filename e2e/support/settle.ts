import { expect, type Page } from "@playwright/test";

/** Waits until nothing is being loaded and the fonts are there. */
export async function settle(page: Page): Promise<void> {
  await expect(page.locator("main").first()).toBeVisible();
  await expect(page.locator(".skeleton")).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
}
