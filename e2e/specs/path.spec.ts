// The whole path: four people take material from an order to the subcontractor's countersignature, and what was made
// of it back.
import { expectAccessible } from "../support/axe.js";
import { expect, test } from "../support/test.js";
import { settle } from "../support/settle.js";
import { decide } from "../support/signing.js";
import { text } from "../support/text.js";

test("an order's material goes from the requisition to the subcontractor's countersignature, and comes back as goods", async ({ browserOf }) => {
  const clerk = await browserOf("clerk");
  await clerk.goto("/orders/new");
  await chooseNamed(clerk.locator('select[name="/partner_id"]'), "SUB-MACH");
  await chooseNamed(clerk.locator('select[name="/operation_id"]'), "CNC");
  await chooseNamed(clerk.locator('select[name="/product_id"]'), "SF-5040-M");
  await clerk.locator('input[name="/quantity"]').fill("2000");
  await clerk.locator('input[name="/due_on"]').fill("2027-03-31");
  await clerk.getByTestId("order-save").click();
  await clerk.getByTestId("order-open").click();
  await expect(clerk.getByText(text("zh-CN", "word.order_state.open")).first()).toBeVisible();
  await settle(clerk);
  await expectAccessible(clerk, "order");

  const order = await clerk.locator("h1").innerText();
  await clerk.getByTestId("requisition-new").click();
  // 19.48 kg net ÷ (1 − 3.5 %) = 20.187 kg, in bars of 1.5 kg: 21 kg.
  await expect(clerk.getByTestId("requisition-quantity")).toHaveValue("21");
  await clerk.locator('input[name="/needed_on"]').fill("2027-03-01");
  await clerk.getByTestId("requisition-submit").click();
  await clerk.waitForURL(/\/requisitions\/[0-9a-f-]{36}$/);
  const requisition = await clerk.locator("h1").innerText();
  const address = new URL(clerk.url()).pathname;

  const approver = await browserOf("approver");
  await approver.goto("/inbox");
  await approver.locator(".waiting__item", { hasText: requisition }).click();
  await expect(approver.getByRole("article", { name: requisition })).toBeVisible();
  await decide(approver, "approver", "approve");
  await expect(approver.locator(".waiting__item", { hasText: requisition })).toHaveCount(0);
  await expect(clerk.getByText(text("zh-CN", "word.approval_state.approved")).first(), "live, without reload").toBeVisible();

  const warehouse = await browserOf("warehouse");
  await warehouse.goto(address);
  await warehouse.getByTestId("pick-start").click();
  await warehouse.waitForURL(/\/picks\/[0-9a-f-]{36}$/);
  await settle(warehouse);
  await expectAccessible(warehouse, "pick task");
  const lots = await lotsToTake(warehouse);
  await scan(warehouse, "NO-SUCH-LOT");
  await expect(warehouse.locator("[data-code=scan_unknown_lot]")).toBeVisible();
  for (const lot of lots) {
    await scan(warehouse, `(10)${lot}`);
    await expect(warehouse.locator("tr[data-line]", { hasText: lot }).getByText(text("zh-CN", "picks.picked_state"))).toBeVisible();
  }
  await scan(warehouse, lots[0] ?? "");
  await expect(warehouse.locator("[data-code=scan_already_picked]")).toBeVisible();
  await warehouse.getByTestId("pick-post").click();
  await warehouse.getByTestId("pick-post-confirm").click();
  await warehouse.waitForURL(/\/issue-notes\/[0-9a-f-]{36}$/);
  await settle(warehouse);
  await expectAccessible(warehouse, "issue note");
  const note = new URL(warehouse.url()).pathname;

  const portal = await browserOf("portal-machining");
  await portal.goto(note);
  await settle(portal);
  await expect(portal.getByTestId("blind"), "the count is blind").toBeVisible();
  await expectAccessible(portal, "delivery");
  for (const line of await portal.getByTestId("delivery-line").all()) {
    await line.locator("input").nth(0).fill("1.5");
    await line.locator("input").nth(1).fill("0");
  }
  await portal.getByTestId("delivery-review").click();
  await portal.getByTestId("delivery-confirm").click();
  await expect(portal.getByText(text("zh-CN", "word.custody_state.with_discrepancy")).first()).toBeVisible();
  await expect(warehouse.getByTestId("issue-note-discrepancy"), "the maker sees it at once").toBeVisible();

  await portal.goto("/");
  await portal.getByTestId("portal-order").filter({ hasText: order }).click();
  await portal.locator('input[name="/delivery_note"]').fill("SUB-4711");
  await portal.locator('input[name="/lines/0/good_quantity"]').fill("100");
  // 100 of 2000 screws: 0.974 kg net, the chips beside.
  const used = portal.getByTestId("uses").locator("tbody input");
  await expect(used.first(), "the rule proposes the lot").not.toHaveValue("");
  await used.first().fill("0.98");
  await portal.getByTestId("declare").uncheck();
  const skipped = [said("finished.skipping_costs"), said("finished.skipping_is_free")].join("|");
  await expect(portal.getByTestId("consequence"), "what it costs to say nothing").toHaveText(new RegExp(`^(${skipped})$`));
  await portal.getByTestId("declare").check();
  await expect(portal.getByTestId("consequence"), "what it says").toHaveText(new RegExp(`^${said("finished.declared_leads")}$`));
  await settle(portal);
  await expectAccessible(portal, "declaration");
  await portal.getByTestId("finished-submit").click();
  await expect(portal.getByTestId("announced").filter({ hasText: order })).toBeVisible();

  await warehouse.goto("/subcontract-receipts?record_state=declared");
  await warehouse.locator("tbody tr", { hasText: order }).locator("a").first().click();
  await warehouse.locator('input[name="/lines/0/good_quantity"]').fill("98");
  await warehouse.locator('input[name="/lines/0/rejected_quantity"]').fill("2");
  await warehouse.getByTestId("finished-post").click();
  await expect(warehouse.locator("[data-code=fields_invalid]"), "a difference needs its reason").toBeVisible();
  await warehouse.locator('input[name="/lines/0/remark"]').fill("两件螺纹损伤");
  await warehouse.getByTestId("finished-post").click();
  const lot = warehouse.getByTestId("finished-lot");
  await expect(lot.getByText(text("zh-CN", "word.lot_status.quarantine"))).toBeVisible();
  await expect(lot.getByText(text("zh-CN", "word.certainty.declared")).first()).toBeVisible();
  await settle(warehouse);
  await expectAccessible(warehouse, "receipt from a subcontractor");

  const foreign = await browserOf("portal-anodising");
  await foreign.goto(note);
  await expect(foreign.locator("[data-code=not_found]"), "another subcontractor sees nothing of it").toBeVisible();
});

/** A text of the app as a pattern, whatever its figures are. */
function said(key: string): string {
  return text("zh-CN", key).replace(/\{\w+\}/g, "\\d+");
}

async function chooseNamed(select: import("@playwright/test").Locator, start: string): Promise<void> {
  const option = select.locator("option", { hasText: new RegExp(`^${start} `) });
  await expect(option).toHaveCount(1);
  await select.selectOption({ value: (await option.getAttribute("value")) ?? "" });
}

async function scan(page: import("@playwright/test").Page, raw: string): Promise<void> {
  await page.getByTestId("scan-input").fill(raw);
  await page.getByTestId("scan-submit").click();
}

/** The lots that the task proposes, from its table. */
async function lotsToTake(page: import("@playwright/test").Page): Promise<string[]> {
  const cells = await page.locator("tr[data-line] a[href^='/lots/'], tr[data-line] .code").allInnerTexts();
  return [...new Set(cells.filter((cell) => /^TI\d/.test(cell)))];
}
