// Who provides what: the subcontractor's own lot is named with the goods, the mould that stands there counts its uses, and
// what a supplier brings straight to the subcontractor is confirmed on a phone.
import { expectAccessible } from "../support/axe.js";
import { Company } from "../support/company.js";
import { settle } from "../support/settle.js";
import { takeShots } from "../support/shots.js";
import { expect, test } from "../support/test.js";

test.use({ locale: "en-GB" });

const FAR = "2029-09-30";

test("own lots are named, moulds are counted, direct deliveries are confirmed", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf, { subcontractor: "SUB-MACH", operation: "CNC" });
  const portal = await apiOf("portal-machining");
  const [bar, powder, film] = [await company.item(), await company.item(), await company.item()];
  const mould = await company.item("tooling", 11);
  await company.stock(bar, { quantity: 100, expires_on: FAR });
  const tool = await company.stock(mould, { quantity: 1, expires_on: FAR });
  const order = await company.atWork(
    [
      { item: bar, quantity: 20 },
      { item: powder, quantity: 40, supply: "supplier_sourced" },
      { item: film, quantity: 20, supply: "drop_shipped" },
      { item: mould, quantity: 1, net: 10, supply: "tooling" },
    ],
    20,
    portal,
  );
  const desk = await browserOf("warehouse");

  await test.step("a supplier delivers straight to the subcontractor, who confirms it on a phone", async () => {
    await desk.goto(`/material-documents/new?order_id=${order.id}&kind=direct_delivery`);
    await settle(desk);
    await takeShots(desk, "direct-delivery");
    await desk.locator("select[name='/supplier_id'] option", { hasText: "SUP-PACK" }).first().waitFor({ state: "attached" });
    await desk.locator("select[name='/supplier_id']").selectOption({ index: 1 });
    await desk.locator("[name='/delivery_note']").fill("DN-ZS-1");
    await desk.locator("select[name='/lines/0/item_id']").selectOption(film.id);
    await desk.locator("[name='/lines/0/quantity']").fill("20");
    await desk.locator("[name='/lines/0/lot_code']").fill(company.code("ZS"));
    await desk.locator("[name='/lines/0/supplier_lot']").fill("S-77");
    await desk.locator("[name='/lines/0/certificate_number']").fill("COC-77");
    await expectAccessible(desk, "form of a direct delivery");
    await desk.getByTestId("material-submit").click();
    await desk.waitForURL(/\/material-documents\/[0-9a-f-]{36}$/);
    const number = await desk.locator("h1").innerText();
    const phone = await browserOf("portal-machining");
    await phone.getByTestId("portal-material").filter({ hasText: number }).click();
    await settle(phone);
    await phone.locator("input[name='/lines/0/received_quantity']").fill("20");
    await expectAccessible(phone, "direct delivery in the portal");
    await phone.getByTestId("material-confirm").click();
    await expect(phone.getByText("Confirmed", { exact: true }), "the document says so").toBeVisible();
    await expect(phone.getByTestId("material-confirm"), "it is confirmed once").toHaveCount(0);
  });

  await test.step("the goods name the subcontractor's own lot and count the mould", async () => {
    await desk.goto(`/subcontract-receipts/new?order_id=${order.id}`);
    await desk.locator("[name='/delivery_note']").fill("SUB-1");
    await desk.locator("[name='/lines/0/good_quantity']").fill("20");
    const own = desk.getByTestId("own-lot");
    await expect(own).toHaveCount(1);
    await own.locator("input").first().fill("DC-4471");
    await expect(desk.getByTestId("tools").locator("input")).toHaveValue("10");
    await settle(desk);
    await expectAccessible(desk, "receipt with own lots and a mould");
    const folder = process.env.LOTLINE_SHOTS;
    if (folder) await desk.screenshot({ path: `${folder}/receipt-form.png`, fullPage: true });
    await desk.getByTestId("finished-submit").click();
    await desk.waitForURL(/\/subcontract-receipts\/[0-9a-f-]{36}$/);
    await expect(desk.getByTestId("finished-lot")).toContainText("DC-4471");
    await expect(desk.getByTestId("tools")).toContainText(tool.code);
    await settle(desk);
    await takeShots(desk, "receipt");
  });

  await test.step("quality sees that the mould is nearly worn, and extends its life", async () => {
    const quality = await browserOf("quality");
    await quality.goto(`/lots/${tool.id}`);
    const life = quality.getByTestId("tool-life");
    await expect(life).toContainText("10 / 11");
    await settle(quality);
    await takeShots(quality, "tool");
    await quality.getByTestId("tool-extend").click();
    await quality.locator("[name='/life_uses']").fill("20");
    await quality.locator("[name='/reason']").fill("Cavities measured, wear within tolerance");
    await quality.getByTestId("dialog-confirm").click();
    await expect(quality.getByTestId("tool-life")).toContainText("10 / 20");
    await quality.goto(`/orders/${order.id}`);
    await settle(quality);
    await takeShots(quality, "order");
  });

  await test.step("quality releases what has no lots where it lies", async () => {
    const caps = await company.loose();
    await company.deliver(caps, 30);
    const quality = await browserOf("quality");
    await quality.goto(`/stock?view=positions&item_id=${caps.id}`);
    await quality.getByTestId("stock-decide").click();
    const dialog = quality.locator("dialog[open]");
    await expect(dialog.locator("[name='/quantity']"), "all of it, unless less is meant").toHaveValue("30");
    await dialog.locator("[name='/reason']").fill("Counted, and the certificate is in order");
    await expectAccessible(quality, "decision about stock without lots");
    await quality.getByTestId("dialog-confirm").click();
    await expect(quality.locator("tbody tr", { hasText: caps.code })).toContainText("Available");
  });
});
