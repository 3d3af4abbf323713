// A driver without an account confirms a delivery by a link that the subcontractor's office made: on a phone, once.
import { type Browser, type Page } from "@playwright/test";
import { type List } from "../support/api.js";
import { expectAccessible } from "../support/axe.js";
import { Company } from "../support/company.js";
import { PHONE } from "../support/people.js";
import { PNG } from "../support/files.js";
import { settle } from "../support/settle.js";
import { expect, test } from "../support/test.js";

test.use({ locale: "en-GB" });

async function phone(browser: Browser, baseURL: string | undefined, address: string): Promise<Page> {
  const context = await browser.newContext({ baseURL, locale: "en-GB", viewport: PHONE });
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

test("a driver confirms by a link, once, with name and photo", async ({ browser, baseURL, browserOf, apiOf }) => {
  const company = await Company.of(apiOf, { subcontractor: "SUB-MACH", operation: "CNC" });
  const item = await company.item();
  const lot = await company.stock(item, { quantity: 40, expires_on: "2030-01-31" });
  const pick = await company.pickTask([{ item, quantity: 30 }]);
  for (const line of pick.lines) {
    const scan = { raw: lot.code, capture: "wedge", line_number: line.line_number };
    await company.warehouse.write(`/picks/${pick.id}/scans`, scan);
  }
  const note = await company.warehouse.write<{ id: string; number: string }>("/issue-notes", { pick_id: pick.id });
  const office = await browserOf("portal-machining");

  const address = await test.step("the office makes the link", async () => {
    await office.goto(`/issue-notes/${note.id}`);
    await office.getByTestId("link-make").click();
    await expect(office.getByTestId("link-qr")).toBeVisible();
    await settle(office);
    await expectAccessible(office, "a link to confirm a delivery");
    return (await office.getByTestId("link-address").textContent()) ?? "";
  });
  expect(address).toContain("/hand-over#");

  const driver = await phone(browser, baseURL, address);
  await test.step("the driver counts, takes a photo and gives a name", async () => {
    await expect(driver.getByTestId("handover")).toContainText(note.number);
    expect(driver.url(), "the token does not stay in the address").not.toContain("#");
    await settle(driver);
    await expectAccessible(driver, "confirming by a link");
    await driver.goto(address.replace(/#.*/, `#${"0".repeat(64)}`));
    await expect(driver.getByTestId("handover-gone"), "another link in the same window").toBeVisible();
    await driver.goto(address);
    await expect(driver.getByTestId("handover")).toContainText(note.number);
    await driver.locator('input[name="/lines/0/good_quantity"]').fill("30");
    await driver.getByTestId("handover-confirm").click();
    await expect(driver.getByTestId("handover")).toContainText("Fields to correct: ");
    await driver.locator('input[type="file"]').first().setInputFiles({ name: "a.png", mimeType: "image/png", buffer: PNG });
    await expect(driver.getByTestId("photo-laid").first()).toBeVisible();
    await driver.getByTestId("handover-name").fill("Zhang, driver");
    await driver.getByTestId("handover-confirm").click();
    await expect(driver.getByTestId("handover-done")).toBeVisible();
    await settle(driver);
    await expectAccessible(driver, "confirmed by a link");
  });

  await test.step("the link is used up, and the record names both", async () => {
    const again = await phone(browser, baseURL, address);
    await expect(again.getByTestId("handover-gone")).toBeVisible();
    await expectAccessible(again, "a link that was used");
    await again.context().close();
    const known = await company.warehouse.read<{ custody_state: string; confirmed_name: string }>(`/issue-notes/${note.id}`);
    expect(known).toMatchObject({ custody_state: "confirmed", confirmed_name: "Zhang, driver" });
    const clerk = await browserOf("clerk");
    await clerk.goto(`/issue-notes/${note.id}`);
    await expect(clerk.getByRole("main")).toContainText("Zhang, driver");
    await expect(clerk.getByRole("main")).toContainText("lower assurance");
    const sealed = await company.quality.read<List<unknown>>(`/audit-events?aggregate_kind=issue&aggregate_id=${note.id}`);
    expect(sealed.items.length).toBeGreaterThan(0);
  });
  await driver.context().close();
});
