// A subcontractor's phone, in Chinese: what was used is scanned, what silence would cost is said first, and what is
// there is counted without sight of the books.
import { type Locator, type Page } from "@playwright/test";
import { MaterialForm } from "../pages/material.js";
import { type List } from "../support/api.js";
import { expectAccessible } from "../support/axe.js";
import { Company, type Lot, type Order } from "../support/company.js";
import { settle } from "../support/settle.js";
import { expect, test } from "../support/test.js";
import { text } from "../support/text.js";

interface Receipt {
  id: string;
  lines: { lot_code: string; uses: { lot: { code: string } | null; quantity: string; certainty: string }[] }[];
}

function says(key: string, figures: Record<string, string> = {}): string {
  return Object.entries(figures).reduce((said, [name, value]) => said.replace(`{${name}}`, value), text("zh-CN", key));
}

async function openOrder(phone: Page, order: Order): Promise<void> {
  await phone.goto("/");
  await phone.getByTestId("portal-order").filter({ hasText: order.number }).click();
  await settle(phone);
}

/** A scanner types a label and ends it with Enter. */
async function scan(phone: Page, line: number, label: string): Promise<void> {
  const field = phone.getByTestId("finished-line").nth(line).getByTestId("use-scan");
  await field.focus();
  await phone.keyboard.type(label);
  await phone.keyboard.press("Enter");
}

test("what was used is said by scan, and what silence costs is said first", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf, { subcontractor: "SUB-MACH", operation: "CNC" });
  const portalApi = await apiOf("portal-machining");
  const item = await company.item();
  const lots: Lot[] = [];
  for (let month = 1; month <= 11; month += 1) {
    lots.push(await company.stock(item, { quantity: 10, expires_on: `2029-${String(month).padStart(2, "0")}-15` }));
  }
  const order = await company.atWork([{ item, quantity: 110 }], 110, portalApi);
  const [first, second] = [lots[0]?.code ?? "", lots[1]?.code ?? ""];

  const phone = await browserOf("portal-machining");
  await openOrder(phone, order);
  await phone.locator('input[name="/delivery_note"]').fill("SUB-4901");
  await phone.locator('input[name="/lines/0/good_quantity"]').fill("30");
  const uses = phone.getByTestId("uses");
  await expect(uses.locator("tbody tr"), "every lot that is there").toHaveCount(11);
  const consequence = phone.getByTestId("consequence");
  await expect(consequence).toHaveText(says("finished.declared_leads", { declared: "3" }));
  await phone.getByTestId("declare").uncheck();
  await expect(consequence, "the recall set grows").toHaveText(says("finished.skipping_costs", { declared: "3", possible: "11" }));
  await expect(uses).toHaveCount(0);
  await expectAccessible(phone, "a declaration that says nothing");
  await phone.getByTestId("declare").check();

  await scan(phone, 0, first);
  await expect(phone.getByTestId("use-scan-message")).toHaveText(says("finished.scan_found", { lot: first }));
  await scan(phone, 0, "NO-SUCH-LOT");
  await expect(phone.getByTestId("use-scan-message")).toHaveText(says("finished.scan_none", { raw: "NO-SUCH-LOT" }));
  await expect(phone.getByTestId("use-scanned")).toHaveCount(1);

  await phone.getByTestId("add-lot").click();
  await phone.locator('input[name="/lines/1/good_quantity"]').fill("10");
  const other = phone.getByTestId("finished-line").nth(1);
  await expect(other.locator("tbody tr").nth(3).locator("input"), "the next lot falls to the second").toHaveValue("10");
  await settle(phone);
  await expectAccessible(phone, "a declaration of two lots");
  await expect(phone.locator("body"), "nothing hangs over the edge of a phone").toHaveJSProperty("scrollWidth", 390);
  await phone.getByTestId("finished-submit").click();
  await expect(phone.getByTestId("announced").filter({ hasText: order.number })).toBeVisible();

  const { items } = await portalApi.read<List<Receipt>>("/portal/subcontract-receipts?record_state=declared&limit=500");
  const announced = await Promise.all(items.map(({ id }) => portalApi.read<Receipt>(`/portal/subcontract-receipts/${id}`)));
  const declared = announced.find(({ lines }) => lines.some(({ uses }) => uses.some(({ lot }) => lot?.code === first)));
  const said = declared?.lines.map(({ uses }) => uses.map(({ lot, quantity, certainty }) => `${lot?.code} ${quantity} ${certainty}`));
  const third = lots[2]?.code ?? "";
  expect(said).toEqual([
    [`${first} 10 scanned`, `${second} 10 declared`, `${third} 10 declared`],
    [`${lots[3]?.code} 10 declared`],
  ]);
});

test("what is there is counted without sight of the books", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf, { subcontractor: "SUB-MACH", operation: "CNC" });
  const item = await company.item();
  await company.stock(item, { quantity: 137, expires_on: "2029-09-30" });
  const order = await company.atWork([{ item, quantity: 137 }], 137, await apiOf("portal-machining"));
  const phone = await browserOf("portal-machining");
  await openOrder(phone, order);
  await phone.getByTestId("portal-count").click();
  const form = new MaterialForm(phone);
  await expect(form.lines).toHaveCount(1);
  await settle(phone);
  await expect(phone.locator("main"), "the count is blind").not.toContainText("137");
  await expectAccessible(phone, "a blind count");
  await form.lines.first().locator('input[name="/lines/0/quantity"]').fill("135");
  await form.send();
  await expect(phone.getByText(text("zh-CN", "word.material_approval.pending")).first()).toBeVisible();
  await expect(phone.locator("main"), "still blind").not.toContainText("137");
  await expectAccessible(phone, "a count that waits");
  await expect(phone.locator("body")).toHaveJSProperty("scrollWidth", 390);
});

test("what is written the day after is marked, with the time of its paper", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf);
  const item = await company.item();
  const desk = await browserOf("warehouse");
  await desk.goto("/receipts/new");
  await choose(desk.locator('select[name="/supplier_id"]'), company.partnerCode);
  await choose(desk.locator('select[name="/lines/0/item_id"]'), item.code);
  await desk.locator('input[name="/delivery_note"]').fill(company.code("DN-"));
  await desk.locator('input[name="/lines/0/quantity"]').fill("20");
  await desk.getByTestId("times").locator("summary").click();
  await desk.locator('input[name="/occurred_at"]').fill(local(1));
  await desk.getByTestId("receipt-post").click();
  await expect(desk.locator('input[name="/occurred_at"]'), "nothing happens tomorrow").toHaveAttribute("aria-invalid", "true");
  await settle(desk);
  await expectAccessible(desk, "a time that is to come");
  await desk.locator('input[name="/occurred_at"]').fill(local(-1));
  await desk.locator('input[name="/evidence_at"]').fill(local(-1));
  await desk.getByTestId("receipt-post").click();
  await desk.waitForURL(/\/receipts\/[0-9a-f-]{36}$/);
  await settle(desk);
  await expect(desk.getByTestId("late").first()).toHaveText(text("zh-CN", "common.late"));
  await expect(desk.locator("main")).toContainText(local(-1).replace("T", " "));
  await expectAccessible(desk, "a document written late");
  const number = (await desk.locator("h1").innerText()).trim();
  await desk.goto("/receipts");
  await expect(desk.locator("tbody tr", { hasText: number }).getByTestId("late")).toBeVisible();
});

async function choose(select: Locator, start: string): Promise<void> {
  const option = select.locator("option", { hasText: new RegExp(`^${start} `) });
  await expect(option).toHaveCount(1);
  await select.selectOption((await option.getAttribute("value")) ?? "");
}

/** Noon so many days from now, as a field of the browser takes it. */
function local(days: number): string {
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(Date.now() + days * 86_400_000);
  return `${day}T12:00`;
}
