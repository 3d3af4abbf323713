// A suspect lot of bar: what was made of it, held everywhere in one act, counted by the subcontractor on the phone, answered
// for by a customer, reconciled, closed and reported. And a drill of the same, which holds nothing.
import { type Page } from "@playwright/test";
import { type List } from "../support/api.js";
import { expectAccessible } from "../support/axe.js";
import { Company, type Lot, type Order } from "../support/company.js";
import { PNG } from "../support/files.js";
import { settle } from "../support/settle.js";
import { expect, test, type ApiOf } from "../support/test.js";
import { text } from "../support/text.js";

const FAR = "2029-09-30";

interface World {
  bar: Lot;
  made: Lot;
  order: Order;
}

/** 60 bars, of which 30 went into ten pieces and 30 are with the subcontractor; a customer has four of the pieces. */
async function suspect(apiOf: ApiOf): Promise<World> {
  const company = await Company.of(apiOf, { subcontractor: "SUB-MACH", operation: "CNC" });
  const item = await company.item();
  const bar = await company.stock(item, { quantity: 60, expires_on: FAR });
  const order = await company.atWork([{ item, quantity: 60 }], 20, await apiOf("portal-machining"));
  const uses = [{ item_id: item.id, lot_id: bar.id, quantity: "30" }];
  const goods = { lot_code: company.code("F"), good_quantity: "10", expires_on: FAR, uses };
  const receipt = await company.warehouse.write<{ lines: { lot: Lot }[] }>("/subcontract-receipts", {
    order_id: order.id,
    delivery_note: company.code("SUB-"),
    lines: [goods],
  });
  const waiting = await company.quality.read<Lot>(`/lots/${receipt.lines[0]?.lot.id}`);
  const decision = { decision: "release", reason: "Dimensions in order" };
  const made = await company.quality.write<Lot>(`/lots/${waiting.id}/decisions`, decision, waiting.version);
  const { items } = await company.warehouse.read<List<{ location: { id: string } }>>(`/stock?lot_id=${made.id}&status=available`);
  const code = company.code("CUS-");
  const customer = await company.clerk.write<{ id: string }>("/partners", {
    code,
    name: { zh: `医院 ${code}`, en: `Hospital ${code}` },
    supplier: false,
    subcontractor: false,
    customer: true,
    active: true,
  });
  await company.warehouse.write("/material-documents", {
    kind: "dispatch",
    customer_id: customer.id,
    contact: "No. 1 Hospital, Dr Li",
    lines: [{ item_id: order.product.id, lot_id: made.id, quantity: "4", from_location_id: items[0]?.location.id }],
  });
  return { bar, made, order };
}

function row(page: Page, lot: Lot) {
  return page.getByTestId("recall-lots").locator(`tr[data-lot="${lot.code}"]`);
}

async function confirmDialog(page: Page): Promise<void> {
  await page.locator("dialog[open]").getByTestId("dialog-confirm").click();
}

test("a suspect lot is held everywhere, counted on the phone, reconciled and reported", async ({ browserOf, apiOf }) => {
  const { bar, made } = await suspect(apiOf);
  const quality = await browserOf("quality");
  await quality.goto("/recalls");
  await quality.getByTestId("recall-new").click();
  await quality.getByTestId("recall-scope").click();
  await expect(quality.locator("[data-code=fields_invalid]"), "nothing is recalled by chance").toBeVisible();
  await settle(quality);
  await expectAccessible(quality, "a recall that says nothing");
  await quality.locator('textarea[name="/reason"]').fill("表面硬度复验低于标准");
  await quality.locator('input[name="/criteria/lot_ids"]').fill(bar.code);
  await quality.getByTestId("recall-scope").click();
  await quality.waitForURL(/\/recalls\/[0-9a-f-]{36}$/);
  await expect(quality.getByTestId("recall-lots").locator("tbody tr"), "the bar and what was made of it").toHaveCount(2);
  await settle(quality);
  await expectAccessible(quality, "a scope");

  await quality.getByTestId("recall-hold").click();
  await confirmDialog(quality);
  for (const lot of [bar, made]) {
    await expect(row(quality, lot)).toContainText(text("zh-CN", "word.recall_hold.held"));
  }
  await expect(quality.getByTestId("notice-row")).toHaveCount(2);
  await settle(quality);
  await expectAccessible(quality, "a recall that is held");
  const number = (await quality.locator("h1").innerText()).trim();

  const phone = await browserOf("portal-machining");
  const reason = phone.getByTestId("portal-recall").filter({ hasText: "表面硬度复验低于标准" });
  await expect(reason.getByTestId("due"), "the clock runs").toBeVisible();
  await expectAccessible(phone, "the portal with a recall");
  await reason.click();
  await settle(phone);
  await expect(phone.getByTestId("recall-line"), "the count is blind").not.toContainText(/\b30\b/);
  await phone.getByTestId("recall-acknowledge").click();
  await expect(phone.locator('input[name="/lines/0/counted_quantity"]')).toHaveAttribute("aria-invalid", "true");
  await phone.locator('input[name="/lines/0/counted_quantity"]').fill("30");
  await phone.locator('input[name="/lines/0/place"]').fill("隔离柜 2");
  await phone.getByTestId("recall-acknowledge").click();
  await expect(phone.locator("[data-code=recall_photo_missing]")).toBeVisible();
  await phone.locator("input[type=file]").setInputFiles({ name: "cage.png", mimeType: "image/png", buffer: PNG });
  await expect(phone.locator(".photo img")).toBeVisible();
  await expect(phone.locator('input[name="/lines/0/counted_quantity"]'), "a photo takes nothing away").toHaveValue("30");
  await expectAccessible(phone, "a recall to be acknowledged");
  await expect(phone.locator("body"), "nothing hangs over the edge of a phone").toHaveJSProperty("scrollWidth", 390);
  await phone.getByTestId("recall-acknowledge").click();
  await expect(phone.getByTestId("recall-done")).toBeVisible();
  await settle(phone);
  await expectAccessible(phone, "a recall that is acknowledged");

  await expect(row(quality, bar).getByTestId("recall-rate")).toHaveText("100%");
  await expect(row(quality, made).getByTestId("recall-rate"), "four of ten pieces are with the customer").toHaveText("60%");
  const letter = quality.getByTestId("notice-row").filter({ hasText: text("zh-CN", "word.notice_kind.customer") });
  await letter.getByTestId("notice-act").click();
  await quality.locator('dialog[open] input[name="/means"]').fill("挂号信");
  await quality.locator('dialog[open] input[name="/evidence"]').fill("EMS 1042 7788 9");
  await confirmDialog(quality);
  await expect(letter).toContainText("EMS 1042 7788 9");
  await letter.getByTestId("notice-act").click();
  await quality.locator('dialog[open] input[name="/lines/0/counted_quantity"]').fill("3");
  await quality.locator('dialog[open] textarea[name="/remark"]').fill("一件已植入");
  await confirmDialog(quality);
  await expect(row(quality, made).getByTestId("recall-rate")).toHaveText("90%");

  const manager = await browserOf("manager");
  await manager.goto(new URL(quality.url()).pathname);
  await manager.getByTestId("recall-close").click();
  await confirmDialog(manager);
  const residual = manager.locator("dialog[open] [data-code=recall_residual]");
  await expect(residual, "what is left over is named").toContainText(`${made.code} 1`);
  await settle(manager);
  await expectAccessible(manager, "a recall that cannot be closed");
  await manager.locator('dialog[open] textarea[name="/unlocated_reason"]').fill("已植入患者，医院回函存档");
  await confirmDialog(manager);
  await expect(manager.getByTestId("recall-axes")).toContainText(text("zh-CN", "word.recall_state.closed"));

  await manager.getByTestId("recall-report").click();
  const sheet = manager.locator(".sheet");
  await expect(sheet).toContainText(number);
  for (const said of [bar.code, made.code, "90%", "已植入患者，医院回函存档", "隔离柜 2", "EMS 1042 7788 9"]) {
    await expect(sheet).toContainText(said);
  }
  await settle(manager);
  await expectAccessible(manager, "the report of a recall");
});

test("a drill is answered against the clock and scored", async ({ browserOf }) => {
  const quality = await browserOf("quality");
  await quality.goto("/recall-drills");
  await settle(quality);
  await expectAccessible(quality, "drills");
  await quality.getByTestId("drill-start").click();
  await quality.waitForURL(/\/recall-drills\/[0-9a-f-]{36}$/);
  await expect(quality.getByTestId("stopwatch")).toHaveText(/^\d\d:\d\d:\d\d$/);
  await settle(quality);
  await expectAccessible(quality, "a drill that runs");
  const drawn = await quality.locator(".axes a.code").first().innerText();
  await quality.locator('input[name="/criteria/lot_ids"]').fill(drawn);
  await quality.getByTestId("drill-answer").click();
  await expect(quality.getByTestId("drill-score")).toHaveText("100%");
  await settle(quality);
  await expectAccessible(quality, "the report of a drill");
});
