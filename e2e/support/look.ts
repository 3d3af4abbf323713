import { type Page } from "@playwright/test";
import { settle } from "./settle.js";
import { type Language } from "./text.js";

export type Theme = "light" | "dark";

export const LANGUAGES: readonly Language[] = ["zh-CN", "en"];
export const THEMES: readonly Theme[] = ["light", "dark"];

/** Shows the page again in a language and a theme, as the browser remembers them. */
export async function show(page: Page, language: Language, theme: Theme): Promise<void> {
  await page.evaluate(
    (look) => {
      localStorage.setItem("locale", look.language);
      localStorage.setItem("theme", look.theme);
    },
    { language, theme },
  );
  await page.reload();
  await settle(page);
}
