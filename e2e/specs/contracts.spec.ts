// What a clause of an agreement stops, what it says then, and the way out.
import { expectAccessible } from "../support/axe.js";
import { Company } from "../support/company.js";
import { settle } from "../support/settle.js";
import { decide } from "../support/signing.js";
import { expect, test } from "../support/test.js";

test.use({ locale: "en-GB" });

const FAR = "2029-09-30";

test("a receipt too short for the contract is refused with clause and figures, and posted once it is allowed", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf, { subcontractor: "SUB-MACH", operation: "CNC" });
  const item = await company.item();
  await company.stock(item, { quantity: 60, expires_on: FAR });
  const order = await company.atWork([{ item, quantity: 60 }], 20, await apiOf("portal-machining"));

  const warehouse = await browserOf("warehouse");
  await warehouse.goto(`/subcontract-receipts/new?order_id=${order.id}`);
  await warehouse.locator('input[name="/delivery_note"]').fill("SUB-4800");
  await warehouse.locator('input[name="/lines/0/good_quantity"]').fill("18");
  await expect(warehouse.getByTestId("uses").locator("tbody input").first()).not.toHaveValue("");
  await warehouse.getByLabel("Nothing more will come on this order").check();
  await warehouse.getByTestId("finished-submit").click();
  const refusal = warehouse.locator("[data-code=clause_refuses]");
  await expect(refusal).toContainText("clause 4.6");
  await expect(refusal, "the clause in its own words").toContainText("Receipts stay within +3 % and −5 % of the order.");
  await expect(refusal, "the figure now, afterwards, and the limit").toContainText(/now 0 pcs, afterwards 18 pcs; the clause sets 19 pcs/);
  await expect(refusal, "the way out, and who can open it").toContainText(/ask for an override with a reason: somebody else with the permission to approve agreements/);
  await settle(warehouse);
  await expectAccessible(warehouse, "a clause that refuses");
  await refusal.getByTestId("override-ask").click();
  await warehouse.locator("dialog[open] textarea").fill("The customer takes the short lot");
  await warehouse.locator("dialog[open] button[type=submit]").click();
  await expect(refusal.getByTestId("override-asked")).toBeVisible();
  const number = await refusal.getByTestId("override-asked").getByRole("link").innerText();
  const again = warehouse.waitForResponse((answer) => answer.url().endsWith("/subcontract-receipts") && answer.request().method() === "POST");
  await warehouse.getByTestId("finished-submit").click();
  expect((await again).status(), "asking is not leave").toBe(409);
  await expect(refusal).toBeVisible();

  const manager = await browserOf("manager");
  await manager.goto("/inbox");
  await manager.locator(".waiting__item", { hasText: number }).click();
  const shown = manager.getByRole("article", { name: number });
  await expect(shown).toContainText("The customer takes the short lot");
  await expect(shown).toContainText("0 → 18");
  await settle(manager);
  await expectAccessible(manager, "an override in the inbox");
  await decide(manager, "manager", "approve");
  await expect(manager.locator(".waiting__item", { hasText: number })).toHaveCount(0);

  await warehouse.getByTestId("finished-submit").click();
  await warehouse.waitForURL(/\/subcontract-receipts\/[0-9a-f-]{36}$/);
  const receipt = await warehouse.locator("h1").innerText();
  await manager.goto("/clause-overrides");
  await expect(manager.locator("tbody tr", { hasText: number }), "used, by which document").toContainText(receipt);
  await settle(manager);
  await expectAccessible(manager, "overrides");
});

test("what is out of the agreed scope cannot be ordered, and nobody can lift that", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf, { subcontractor: "SUB-MACH", operation: "ANODISE" });
  const item = await company.item();
  const order = await company.draftOrder([{ item, quantity: 10 }], 5);
  const clerk = await browserOf("clerk");
  await clerk.goto(`/orders/${order.id}`);
  await expect(clerk.getByTestId("clause-findings"), "said before it is tried").toContainText("1.1");
  await clerk.getByTestId("order-open").click();
  const refusal = clerk.locator("[data-code=clause_refuses]");
  await expect(refusal).toContainText("clause 1.1");
  await expect(refusal, "only another version of the agreement helps").toContainText(/cannot be overridden: .* amend the agreement, have it approved by somebody/);
  await expect(refusal.getByTestId("override-ask")).toHaveCount(0);
  await settle(clerk);
  await expectAccessible(clerk, "an order out of scope");
});

test("a running order stays on its version of an agreement until it is moved", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf);
  const quality = await browserOf("quality");
  await quality.goto("/agreements/new");
  await chooseStarting(quality.locator('select[name="/partner_id"]'), company.partnerCode);
  await quality.locator('select[name="/kind"]').selectOption("contract");
  await quality.locator('input[name="/title/zh"]').fill("磨削加工合同");
  await quality.locator('input[name="/title/en"]').fill("Grinding contract");
  await quality.locator('input[name="/effective_from"]').fill("2026-01-01");
  const clause = quality.getByTestId("clause").first();
  await clause.locator('input[name="/clauses/0/number"]').fill("2.1");
  await clause.locator('select[name="/clauses/0/terms/kind"]').selectOption("issue_tolerance");
  await clause.locator('select[name="/clauses/0/enforcement"]').selectOption("approve");
  await quality.getByTestId("agreement-save").click();
  await expect(clause.locator('input[name="/clauses/0/terms/over_percent"]'), "a figure is missing").toHaveAttribute("aria-invalid", "true");
  await clause.locator('input[name="/clauses/0/terms/over_percent"]').fill("2");
  await clause.locator('textarea[name="/clauses/0/text/en"]').fill("No more than 2 % beyond the requirement is issued.");
  await quality.getByTestId("agreement-save").click();
  await quality.waitForURL(/\/agreements\/[0-9a-f-]{36}$/);
  const number = (await quality.locator("h1").innerText()).split(" ")[0] ?? "";
  await settle(quality);
  await expectAccessible(quality, "a draft agreement");
  await quality.getByTestId("version-step").click();
  await expect(quality.getByText("Pending", { exact: true }).first()).toBeVisible();

  const manager = await browserOf("manager");
  const approve = async (figures: string) => {
    await manager.goto("/inbox");
    await manager.locator(".waiting__item", { hasText: number }).click();
    await expect(manager.getByRole("article", { name: number })).toContainText(figures);
    await settle(manager);
    await expectAccessible(manager, "an agreement in the inbox");
    await decide(manager, "manager", "approve");
    await expect(manager.locator(".waiting__item", { hasText: number })).toHaveCount(0);
  };
  await approve("Over % 2");
  await expect(quality.locator(".badge--ok", { hasText: /In force|Effective/ }).first(), "live, without reload").toBeVisible();

  const item = await company.item();
  const order = await company.openOrder([{ item, quantity: 10 }], 5);
  await quality.getByTestId("amend").click();
  await quality.locator('input[name="/effective_from"]').fill(todayAtTheMaker());
  await quality.locator('input[name="/change_note"]').fill("More set-up pieces");
  await quality.locator("details form button[type=submit]").click();
  await quality.getByTestId("version-edit").click();
  await quality.locator('input[name="/clauses/0/terms/over_percent"]').fill("5");
  await quality.getByTestId("version-save").click();
  await quality.getByTestId("version-step").click();
  await expect(quality.getByText("Pending", { exact: true }).first()).toBeVisible();
  await approve("2 → 5");

  await manager.goto(`/orders/${order.id}`);
  const agreements = manager.getByTestId("order-contracts");
  await expect(agreements).toContainText("v1");
  await expect(agreements, "what would change").toContainText("2 → 5");
  await settle(manager);
  await expectAccessible(manager, "an order that could be moved");
  await manager.getByTestId("order-move").click();
  await manager.locator("dialog[open] textarea").fill("Both sides signed the amendment");
  await manager.locator("dialog[open] button[type=submit]").click();
  await expect(agreements).toContainText("v2");
});

/** The date in the organisation's time zone: an amendment cannot begin before it. */
function todayAtTheMaker(): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date());
}

async function chooseStarting(select: import("@playwright/test").Locator, start: string): Promise<void> {
  const option = select.locator("option", { hasText: new RegExp(`^${start} `) });
  await expect(option).toHaveCount(1);
  await select.selectOption((await option.getAttribute("value")) ?? "");
}
