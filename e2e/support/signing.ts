// Signing as people do it: in the dialog, with name and password.
import { expect, type Page } from "@playwright/test";
import { PASSWORD, type Person } from "./people.js";
import { settle } from "./settle.js";

/** Opens what waits in the inbox. */
export async function openInInbox(page: Page, number: string): Promise<void> {
  await page.goto("/inbox");
  await page.locator(".waiting__item", { hasText: number }).click();
  await expect(page.getByRole("article", { name: number })).toBeVisible();
}

/** Gives the signature that the open dialog asks for. */
export async function sign(page: Page, person: Person, password = PASSWORD): Promise<void> {
  const dialog = page.getByTestId("signing-dialog");
  await expect(dialog.getByTestId("signing-digest")).toBeVisible();
  await dialog.getByTestId("signing-login").fill(person);
  await dialog.getByTestId("signing-password").fill(password);
  await dialog.getByTestId("signing-submit").click();
}

/** Decides on what is open in the inbox, and signs it. */
export async function decide(page: Page, person: Person, decision: "approve" | "return" | "refuse"): Promise<void> {
  await page.locator(`[data-decision="${decision}"]`).click();
  await sign(page, person);
  await expect(page.getByTestId("signing-dialog")).toBeHidden();
  await settle(page);
}
