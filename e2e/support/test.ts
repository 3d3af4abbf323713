// What every story has: people with a browser each, and an app that must not complain.
import { expect, test as base, type APIRequestContext, type BrowserContext, type Page } from "@playwright/test";
import { Api, signIn } from "./api.js";
import { viewportOf, type Person } from "./people.js";
import { settle } from "./settle.js";

export { expect };

export type ApiOf = (person: Person) => Promise<Api>;

interface Fixtures {
  /** A browser of this person's own, signed in, at the app's start. */
  browserOf: (person: Person) => Promise<Page>;
  /** The server as this person, signed in, may use it. */
  apiOf: ApiOf;
}

export const test = base.extend<Fixtures>({
  page: async ({ page }, use) => {
    const complaints = collectComplaints(page);
    await use(page);
    expect(complaints, "errors in the browser").toEqual([]);
  },
  browserOf: async ({ browser, baseURL, locale, timezoneId, colorScheme }, use) => {
    const opened: { context: BrowserContext; complaints: string[] }[] = [];
    await use(async (person) => {
      const viewport = viewportOf(person);
      const context = await browser.newContext({ baseURL, locale, timezoneId, colorScheme, viewport });
      const page = await context.newPage();
      opened.push({ context, complaints: collectComplaints(page) });
      await signIn(context.request, person);
      await page.goto("/");
      await settle(page);
      return page;
    });
    for (const { context } of opened) await context.close();
    expect(opened.flatMap(({ complaints }) => complaints), "errors in the browser").toEqual([]);
  },
  apiOf: async ({ playwright, baseURL }, use) => {
    const opened = new Map<Person, APIRequestContext>();
    await use(async (person) => {
      const context = opened.get(person) ?? (await playwright.request.newContext({ baseURL }));
      if (!opened.has(person)) await signIn(context, person);
      opened.set(person, context);
      return new Api(context, person);
    });
    for (const context of opened.values()) await context.dispose();
  },
});

/** Failures of the app itself. A refused request is an answer; the browser logs it all the same. */
function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) complaints.push(message.text());
  });
  return complaints;
}
