// An order from custody to its closing: counted without sight of the books, reworked, scrapped before a witness, sent
// back, and closed once its account is settled.
import { type Page } from "@playwright/test";
import { MaterialForm } from "../pages/material.js";
import { type Api } from "../support/api.js";
import { expectAccessible } from "../support/axe.js";
import { Company, type Order } from "../support/company.js";
import { PDF, PNG } from "../support/files.js";
import { settle } from "../support/settle.js";
import { decide } from "../support/signing.js";
import { expect, test } from "../support/test.js";

test.use({ locale: "en-GB" });

const FAR = "2029-09-30";

interface Receipt {
  id: string;
  version: number;
  lines: { lot: { id: string; code: string } | null }[];
}

test("an order is closed when every piece is accounted for", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf, { subcontractor: "SUB-MACH", operation: "CNC" });
  const [portalApi, warehouse, manager] = [await apiOf("portal-machining"), await apiOf("warehouse"), await browserOf("manager")];
  const item = await company.item();
  const lot = await company.stock(item, { quantity: 300, expires_on: FAR });
  const order = await company.atWork([{ item, quantity: 300, net: 297, loss_norm_percent: "1" }], 99, portalApi);

  await test.step("the subcontractor counts on a phone, and an approver sees what the books said", async () => {
    const phone = await browserOf("portal-machining");
    await openOrder(phone, order);
    await phone.getByTestId("portal-count").click();
    const form = new MaterialForm(phone);
    await expect(form.lines).toHaveCount(1);
    await settle(phone);
    await expect(form.lines.first(), "the count is blind").not.toContainText("300");
    await expectAccessible(phone, "count in the portal");
    await form.lines.first().locator('input[name="/lines/0/quantity"]').fill("299");
    const number = await form.send();
    await expect(phone.getByTestId("material-lines"), "still blind").not.toContainText("300");

    const approver = await browserOf("approver");
    await approver.goto("/inbox");
    await approver.locator(".waiting__item", { hasText: number }).click();
    const shown = approver.getByRole("article", { name: number });
    await expect(shown.getByTestId("material-lines")).toContainText("300");
    await expect(shown.getByTestId("material-lines")).toContainText("299");
    await settle(approver);
    await expectAccessible(approver, "count in the inbox");
    await decide(approver, "approver", "approve");
    await expect(approver.locator(".waiting__item", { hasText: number })).toHaveCount(0);
    await expect(phone.getByTestId("material-lines"), "told once it is settled").toContainText("300");
  });

  const goods = await receive(portalApi, warehouse, order, { item_id: item.id, lot_id: lot.id, quantity: "297" });

  await test.step("a rejected piece goes out for rework and comes back", async () => {
    const desk = await browserOf("warehouse");
    const form = new MaterialForm(desk);
    await form.open(order.id, "rework_out");
    await form.fill("reason", "Burrs at the thread");
    await form.line(0, { lot: new RegExp(`${goods.code}.*Rejected`), quantity: "1" });
    const out = await form.send();

    const phone = await browserOf("portal-machining");
    await phone.getByTestId("portal-material").filter({ hasText: out }).click();
    await phone.locator('input[name="/lines/0/received_quantity"]').fill("1");
    await settle(phone);
    await expectAccessible(phone, "arrival in the portal");
    await phone.getByTestId("material-confirm").click();
    await expect(phone.getByText("Confirmed", { exact: true })).toBeVisible();

    await form.open(order.id, "rework_in");
    await form.line(0, { lot: goods.code, quantity: "1" });
    await form.send();
    await settle(desk);
    await expectAccessible(desk, "material document");
  });

  await test.step("one piece is scrapped before a witness", async () => {
    const form = new MaterialForm(await browserOf("warehouse"));
    await form.open(order.id, "subcontractor_scrap");
    await form.line(0, { lot: lot.code, quantity: "1" });
    await form.page.getByTestId("material-submit").click();
    await expect(form.page.locator("[data-code=fields_invalid]"), "not without reason, witness and certificate").toBeVisible();
    await form.fill("reason", "Bent while it was set up");
    await form.fill("witness", "Zhao Haiyan, quality");
    await form.fill("certificate_number", "DC-2611-9");
    await form.send();
    const evidence = form.page.getByTestId("evidence");
    await evidence.locator('input[type="file"]').setInputFiles({ name: "DC-2611-9.pdf", mimeType: "application/pdf", buffer: PDF });
    await expect(evidence.getByRole("link", { name: /DC-2611-9\.pdf/ }), "its certificate lies with it").toBeVisible();
  });

  await manager.goto(`/orders/${order.id}/account`);
  await expect(manager.getByTestId("obstacles"), "the last piece is still out").toBeVisible();

  await test.step("the last piece is sent back and counted on arrival", async () => {
    const phone = await browserOf("portal-machining");
    await openOrder(phone, order);
    await phone.getByTestId("portal-return").click();
    const form = new MaterialForm(phone);
    await expect(form.lines).toHaveCount(1);
    await form.fill("reason", "Left over after the last tranche");
    await form.line(0, { lot: lot.code, quantity: "1", condition: "defective" });
    await settle(phone);
    await expectAccessible(phone, "return in the portal");
    const back = await form.send();
    const laid = phone.getByTestId("evidence");
    await laid.locator('input[type="file"]').setInputFiles({ name: "dent.png", mimeType: "image/png", buffer: PNG });
    await expect(laid.getByRole("link", { name: /dent\.png/ })).toBeVisible();
    await settle(phone);
    await expectAccessible(phone, "a photo laid to a return in the portal");

    const desk = await browserOf("warehouse");
    await desk.goto("/material-documents?custody_state=in_transit");
    await desk.locator("tbody tr", { hasText: back }).locator("a").first().click();
    await expect(desk.getByTestId("evidence").getByRole("link", { name: /dent\.png/ }), "what the subcontractor saw").toBeVisible();
    await desk.locator('input[name="/lines/0/received_quantity"]').fill("1");
    await desk.getByTestId("material-confirm").click();
    await expect(desk.getByText("Confirmed", { exact: true }).first()).toBeVisible();
  });

  await test.step("the order is closed", async () => {
    await manager.reload();
    await expect(manager.getByTestId("obstacles")).toHaveCount(0);
    await manager.getByTestId("order-close").click();
    await expect(manager.getByTestId("order-close")).toHaveCount(0);
    await manager.goto(`/orders/${order.id}`);
    await expect(manager.getByText("Closed", { exact: true }).first()).toBeVisible();
    await expect(manager.getByTestId("order-materials").locator("tbody tr")).toHaveCount(5);
    await settle(manager);
    await expectAccessible(manager, "closed order");
  });
});

async function openOrder(phone: Page, order: Order): Promise<void> {
  await phone.goto("/");
  await phone.getByTestId("portal-order").filter({ hasText: order.number }).click();
}

/** The goods come back: 98 good and 1 rejected, the good ones released. */
async function receive(portal: Api, warehouse: Api, order: Order, used: object): Promise<{ id: string; code: string }> {
  const line = { good_quantity: "98", rejected_quantity: "1", remark: "One with burrs", uses: [used] };
  const declared = { order_id: order.id, delivery_note: "SUB-4712", last: true, lines: [line] };
  const announced = await portal.write<Receipt>("/portal/subcontract-receipts", declared);
  const posted = await warehouse.write<Receipt>(`/subcontract-receipts/${announced.id}/posting`, { lines: [] }, announced.version);
  const lot = posted.lines[0]?.lot;
  if (!lot) throw new Error("goods without a lot");
  return lot;
}
