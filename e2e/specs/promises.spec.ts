// Two orders want a lot that is not enough for both: who gets it and why, a reservation that changes it, one that is taken
// over, and one that lapses by itself.
import { type Api, type List } from "../support/api.js";
import { expectAccessible } from "../support/axe.js";
import { Company, type Order } from "../support/company.js";
import { PHONE } from "../support/people.js";
import { settle } from "../support/settle.js";
import { takeShots } from "../support/shots.js";
import { expect, test } from "../support/test.js";

test.use({ locale: "en-GB" });

interface Reservation {
  id: string;
  state: string;
  quantity: string;
}

test("a short lot goes to whom the rule names, and the loser sees why", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf);
  const item = await company.item();
  const lot = await company.stock(item, { quantity: 7, expires_on: "2029-09-30" });
  const first = await company.openOrder([{ item, quantity: 5 }], 1);
  const second = await company.openOrder([{ item, quantity: 5 }], 1);
  const clerk = await browserOf("clerk");

  await test.step("the order that was written first is served first", async () => {
    await clerk.goto(`/kit-check?item_id=${item.id}`);
    await expect(clerk.getByTestId(`kit-${first.number}`)).toContainText("Full kit");
    const loser = clerk.getByTestId(`kit-${second.number}`);
    await expect(loser).toContainText("Partial");
    await expect(loser.getByTestId("kit-why")).toContainText(`${first.number} 5: was written first`);
    await settle(clerk);
    await expectAccessible(clerk, "kit check over orders");
    await takeShots(clerk, "kit-check");
  });

  await test.step("what the second reserves is its own", async () => {
    await clerk.getByTestId(`kit-${second.number}`).getByTestId("kit-reserve").click();
    await settle(clerk);
    await takeShots(clerk, "reservation-new");
    await clerk.locator('input[name="/quantity"]').fill("5");
    await expect(clerk.locator('select[name="/item_id"]')).toHaveValue(item.id);
    await expectAccessible(clerk, "reserving");
    await clerk.getByTestId("reservation-save").click();
    await expect(clerk.getByTestId("order-reservations")).toContainText(lot.code);
    await clerk.goto(`/kit-check?item_id=${item.id}`);
    await expect(clerk.getByTestId(`kit-${first.number}`).getByTestId("kit-why")).toContainText("holds a reservation");
  });

  await test.step("every figure of the item says who has it", async () => {
    await clerk.goto(`/items/${item.id}/promise?quantity=3`);
    await expect(clerk.getByTestId("promise-answer")).toContainText("No known supply covers 3");
    await clerk.getByTestId(`promise-behind-${lot.code}`).click();
    await expect(clerk.getByRole("region", { name: `Reservations ${lot.code}` })).toContainText(second.number);
    await settle(clerk);
    await expectAccessible(clerk, "what can be promised");
    await takeShots(clerk, "promise");
  });

  await test.step("an urgent order takes it over with a reason, and the one who lost it sees it", async () => {
    await clerk.goto(`/reservations/new?order_id=${first.id}&item_id=${item.id}&quantity=5`);
    await clerk.locator('select[name="/priority"]').selectOption("urgent");
    await expect(clerk.locator('select[name="/item_id"]')).toHaveValue(item.id);
    await clerk.getByTestId("reservation-save").click();
    await expect(clerk.locator("[data-code=reservation_short]")).toContainText(second.number);
    await clerk.locator('textarea[name="/take_over_reason"]').fill("The customer's line stands still");
    await clerk.getByTestId("reservation-save").click();
    await expect(clerk.getByTestId("order-reservations")).toContainText("Holds");
    await clerk.goto(`/orders/${second.id}`);
    const lost = clerk.getByTestId("taken-over");
    await expect(lost).toContainText("The customer's line stands still");
    await expect(lost.getByRole("link")).toHaveText(first.number);
    await clerk.goto(`/reservations?item_id=${item.id}`);
    await expect(clerk.getByTestId("taken-over")).toBeVisible();
    await settle(clerk);
    await expectAccessible(clerk, "reservations");
    await takeShots(clerk, "reservations");
  });

  await test.step("one is given back", async () => {
    await clerk.getByTestId("reservation-cancel").first().click();
    await clerk.locator("dialog[open] textarea").fill("The order waits for its drawing");
    await clerk.getByTestId("dialog-confirm").click();
    await expect(clerk.locator("tbody")).toContainText("The order waits for its drawing");
  });
});

test("a reservation lapses by itself", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf);
  const item = await company.item();
  await company.stock(item, { quantity: 5, expires_on: "2029-09-30" });
  const order = await company.openOrder([{ item, quantity: 5 }], 1);
  const expires_at = new Date(Date.now() + 1500).toISOString();
  const wanted = { order_id: order.id, item_id: item.id, quantity: "5", priority: "normal", expires_at };
  await company.clerk.write("/reservations", wanted);
  await expect.poll(async () => (await reservationOf(company.clerk, order)).state).toBe("expired");
  const clerk = await browserOf("clerk");
  await clerk.goto(`/orders/${order.id}`);
  await expect(clerk.getByTestId("order-reservations")).toContainText("Lapsed");
  await clerk.goto(`/items/${item.id}/promise`);
  await expect(clerk.getByTestId("promise-answer"), "its stock is free").toContainText("0 pcs can be promised");
  const sum = clerk.getByTestId("promise-sum");
  await expect(sum.locator("dt", { hasText: /^Reserved$/ }).locator("xpath=following-sibling::dd[1]"), "nothing is reserved").toHaveText("0");
  await expect(sum.locator("dt.sum__total + dd"), "all of it is available").toHaveText(/^5\s*pcs$/);
});

test("pages of stock and orders fit a phone", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf);
  const item = await company.item();
  const lot = await company.stock(item, { quantity: 7, expires_on: "2029-09-30" });
  const order = await company.openOrder([{ item, quantity: 5 }], 1);
  const { items: receipts } = await company.warehouse.read<List<{ id: string }>>("/receipts?limit=1");
  const clerk = await browserOf("clerk");
  await clerk.setViewportSize(PHONE);
  const receipt = `/receipts/${receipts[0]?.id}`;
  for (const address of [`/orders/${order.id}`, `/lots/${lot.id}`, receipt, `/items/${item.id}/promise?quantity=9`, "/kit-check"]) {
    await clerk.goto(address);
    await settle(clerk);
    const [wide = 0, room = 0] = await clerk.locator("main").first().evaluate((main) => [main.scrollWidth, main.clientWidth]);
    expect(wide, `${address} at 390 px`).toBeLessThanOrEqual(room);
  }
});

async function reservationOf(clerk: Api, order: Order): Promise<Reservation> {
  const { items } = await clerk.read<List<Reservation>>(`/reservations?order_id=${order.id}`);
  const found = items[0];
  if (!found) throw new Error(`nothing is reserved for ${order.number}`);
  return found;
}
