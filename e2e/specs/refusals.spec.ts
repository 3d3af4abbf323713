// What a warehouse worker reads when a scan must not count, and that nothing is written then.
import { PickPage, type Refusal } from "../pages/pick.js";
import { type List } from "../support/api.js";
import { expectAccessible } from "../support/axe.js";
import { Company, type Item, type Lot, type Pick, type PickLine } from "../support/company.js";
import { settle } from "../support/settle.js";
import { expect, test } from "../support/test.js";

test.use({ locale: "en-GB" });

const SOON = "2027-09-30";
const LATER = "2028-09-30";
const SEPARATOR = "\u001d";

interface Event {
  action: string;
  reason: string | null;
  actor: { display_name: string };
  details: Record<string, unknown>;
}

interface Stock {
  lot: { code: string } | null;
  on_hand: string;
  reserved: string;
}

test("the label of an item that is not needed", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf);
  const item = await company.item();
  const other = await company.item();
  await company.stock(item, { quantity: 50, expires_on: SOON });
  const foreign = await company.stock(other, { quantity: 50, expires_on: SOON });
  const pick = await company.pickTask([{ item, quantity: 20 }]);
  const page = new PickPage(await browserOf("warehouse"));
  await page.open(pick.id);

  const refusal = { code: "scan_wrong_item", title: "Wrong item", remedy: "Put it back and take what is listed." };
  await expectNothingWritten(company, pick, [item, other], async () => {
    await page.scan(foreign.code);
    await page.expectRefusal({ ...refusal, rule: `The label says ${other.code}, which is not needed here.` });
    await expect(page.answer, "there is no way round it").toBeHidden();
    await page.scan(elementString(foreign));
    await page.expectRefusal({ ...refusal, rule: `The label says ${other.gtin}, which is not needed here.` });
  });
  await expectAccessible(page.page, "a wrong item");
});

test("another lot than proposed needs a reason, which then stands on the page and in the record", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf);
  const item = await company.item();
  const proposed = await company.stock(item, { quantity: 50, expires_on: SOON });
  const taken = await company.stock(item, { quantity: 50, expires_on: LATER });
  const pick = await company.pickTask([{ item, quantity: 20 }]);
  const page = new PickPage(await browserOf("warehouse"));
  await page.open(pick.id);

  await expectNothingWritten(company, pick, [item], async () => {
    await page.scan(taken.code);
    await page.expectRefusal({
      code: "scan_wrong_lot",
      title: "Wrong lot",
      rule: `This line takes lot ${proposed.code} (first expired, first out); the label says ${taken.code}.`,
      remedy: "Take the proposed lot, or give a reason for another one.",
    });
    await expectAccessible(page.page, "a wrong lot");
    await page.substitute("torn");
    await page.expectRefusal({
      code: "reason_required",
      title: "Reason required",
      rule: "This step needs a reason of at least 5 characters.",
      remedy: "Enter the reason.",
    });
    await expectAccessible(page.page, "a reason too short");
  });

  const reason = "The bag of the proposed lot is torn";
  await page.substitute(reason);
  await page.expectConfirmed(1, `Confirmed: line 1, ${item.code} ${taken.code}`);
  await expect(page.line(1).getByRole("link", { name: taken.code })).toBeVisible();
  await expect(page.line(1)).toContainText(`Proposed: ${proposed.code}`);
  await expect(page.line(1)).toContainText(`Another lot: ${reason}`);
  await expect(page.timeline, "live, without reload").toContainText("Lot substituted");
  await expect(page.timeline).toContainText(reason);
  await settle(page.page);
  await expectAccessible(page.page, "another lot taken");

  const line = await lineOf(company, pick);
  expect([line.lot?.code, line.proposed_lot?.code]).toEqual([taken.code, proposed.code]);
  expect(line.substitution_reason).toBe(reason);
  const substituted = (await eventsOf(company, pick)).find(({ action }) => action === "substituted");
  expect(substituted).toMatchObject({ reason, actor: line.picked_by, details: { line: 1, lot: taken.id } });
  expect(await reservedOf(company, item), "the proposed lot is free again").toEqual({ [proposed.code]: "0", [taken.code]: "20" });
});

test("a lot past its last day of use", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf);
  const { lot: expired, item } = await expiredLot(company);
  await company.stock(item, { quantity: 50, expires_on: LATER });
  const pick = await company.pickTask([{ item, quantity: 1 }]);
  const page = new PickPage(await browserOf("warehouse"));
  await page.open(pick.id);

  await expectNothingWritten(company, pick, [item], async () => {
    await page.scan(expired.code);
    await page.expectRefusal({
      code: "lot_expired",
      title: "Lot expired",
      rule: `Lot ${expired.code} expired on ${expired.expires_on}.`,
      remedy: "Use a lot that has not expired; quality decides about this one.",
    });
    await expect(page.answer, "there is no way round it").toBeHidden();
    await expectAccessible(page.page, "an expired lot");
    const scan = { raw: expired.code, capture: "manual", substitution_reason: "It is the only one I found" };
    expect(await company.warehouse.refusal(`/picks/${pick.id}/scans`, scan), "not even for a reason").toBe("lot_expired");
  });
  await page.page.getByText("Lots that could be taken").first().click();
  await settle(page.page);
  await expect(page.page.locator(".candidates tbody tr").first()).toBeVisible();
  await expect(page.page.locator(".candidates").getByText(expired.code), "nor is it offered").toHaveCount(0);
});

test("a lot that quality blocks while it is being picked, until it is unblocked", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf);
  const item = await company.item();
  const lot = await company.stock(item, { quantity: 50, expires_on: SOON });
  const arrived = await company.receive(item, { quantity: 50, expires_on: LATER });
  const pick = await company.pickTask([{ item, quantity: 20 }]);
  const page = new PickPage(await browserOf("warehouse"));
  await page.open(pick.id);

  const remedy = "Put it back; quality decides about its release.";
  const onHold = { code: "scan_on_hold", title: "Lot on hold", remedy };
  await expectNothingWritten(company, pick, [item], async () => {
    await page.scan(arrived.code);
    await page.expectRefusal({ ...onHold, rule: `Lot ${arrived.code} is in quarantine and must not leave.` });
  });

  const quality = await browserOf("quality");
  await quality.goto(`/lots/${lot.id}`);
  await quality.getByTestId("lot-block").click();
  await quality.getByRole("dialog").getByLabel("Reason").fill("A complaint about this melt came in");
  await quality.getByTestId("dialog-confirm").click();
  await expect(quality.getByTestId("lot-unblock")).toBeVisible();
  await settle(quality);
  await expectAccessible(quality, "a blocked lot");

  await expectNothingWritten(company, pick, [item], async () => {
    await page.scan(lot.code);
    await page.expectRefusal({ ...onHold, rule: `Lot ${lot.code} is blocked and must not leave.` });
    await expect(page.answer, "there is no way round it").toBeHidden();
    await expectAccessible(page.page, "a lot on hold");
  });

  await quality.getByTestId("lot-unblock").click();
  await quality.getByRole("dialog").getByLabel("Reason").fill("The complaint is about another melt");
  await quality.getByTestId("dialog-confirm").click();
  await expect(quality.getByTestId("lot-block")).toBeVisible();
  await page.scan(lot.code);
  await page.expectConfirmed(1, `Confirmed: line 1, ${item.code} ${lot.code}`);
});

test("a lot that quality blocks after it was picked does not leave", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf);
  const item = await company.item();
  const lot = await company.stock(item, { quantity: 50, expires_on: SOON });
  const pick = await company.pickTask([{ item, quantity: 20 }]);
  const page = new PickPage(await browserOf("warehouse"));
  await page.open(pick.id);
  await page.scan(lot.code);
  await page.expectConfirmed(1, `Confirmed: line 1, ${item.code} ${lot.code}`);
  const block = { decision: "block", reason: "A complaint about this melt came in" };
  await company.quality.write(`/lots/${lot.id}/decisions`, block, lot.version);

  await expectNothingWritten(company, pick, [item], async () => {
    await page.page.getByTestId("pick-post").click();
    await page.page.getByTestId("pick-post-confirm").click();
    const refusal = page.page.getByRole("dialog").getByRole("alert");
    await expect(refusal).toContainText("Lot status does not allow it");
    await expect(refusal).toContainText(`Lot ${lot.code} is blocked`);
    await expect(refusal).toContainText("Quality must deal with the lot first.");
    await expectAccessible(page.page, "an issue refused");
  });
});

test("a line that is picked already", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf);
  const item = await company.item();
  const lot = await company.stock(item, { quantity: 50, expires_on: SOON });
  const other = await company.stock(item, { quantity: 50, expires_on: LATER });
  const pick = await company.pickTask([{ item, quantity: 20 }]);
  const page = new PickPage(await browserOf("warehouse"));
  await page.open(pick.id);
  await page.scan(lot.code);
  await page.expectConfirmed(1, `Confirmed: line 1, ${item.code} ${lot.code}`);

  const refusal: Refusal = {
    code: "scan_already_picked",
    title: "Already picked",
    rule: `The line for lot ${lot.code} is confirmed already.`,
    remedy: "Scan the next line.",
  };
  await expectNothingWritten(company, pick, [item], async () => {
    await page.scan(lot.code);
    await page.expectRefusal(refusal);
    await expectAccessible(page.page, "a line picked already");
    await page.scan(other.code);
    await expect(page.raw).toContainText(other.code);
    await page.expectRefusal(refusal);
    await expect(page.answer, "no line is left for another lot").toBeHidden();
  });
});

test("codes that nothing bears, or that cannot be read", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf);
  const item = await company.item();
  const lot = await company.stock(item, { quantity: 50, expires_on: SOON });
  const pick = await company.pickTask([{ item, quantity: 20 }]);
  const page = new PickPage(await browserOf("warehouse"));
  await page.open(pick.id);

  const unknown = company.code("NO-SUCH-");
  await expectNothingWritten(company, pick, [item], async () => {
    await page.scan(unknown);
    await page.expectRefusal({
      code: "scan_unknown_lot",
      title: "Lot unknown",
      rule: `No lot has the number ${unknown}.`,
      remedy: "Check the label; a lot must be received first.",
    });
    await expectAccessible(page.page, "an unknown code");
    const wrongDigit = (Number(item.gtin.at(-1)) + 1) % 10;
    await page.scan(`]d201${item.gtin.slice(0, -1)}${wrongDigit}10${lot.code}`);
    await page.expectRefusal({
      code: "scan_unreadable",
      title: "Scan cannot be read",
      rule: "The scan cannot be decoded: the check digit of (01) is wrong.",
      remedy: "Scan again, or type the lot number.",
    });
    await expectAccessible(page.page, "an unreadable scan");
  });
});

test("more than is left, and more than the line takes", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf);
  const item = await company.item();
  const lot = await company.stock(item, { quantity: 50, expires_on: SOON });
  const rest = await company.stock(item, { quantity: 12, expires_on: LATER });
  const pick = await company.pickTask([{ item, quantity: 20 }]);
  const page = new PickPage(await browserOf("warehouse"));
  await page.open(pick.id);

  await expectNothingWritten(company, pick, [item], async () => {
    await page.scan(rest.code);
    await page.substitute("The proposed lot is out of reach");
    await expect(page.message.locator("[data-code=stock_insufficient]")).toContainText("Not enough stock");
    await expect(page.message).toContainText(`${item.code} lot ${rest.code} at`);
    await expect(page.message).toContainText("has 12 to use; 20 is needed.");
    await expect(page.message).toContainText("Take less, use another lot, or wait for receipt and release.");
    await expectAccessible(page.page, "not enough of a lot");

    await page.scan(`${elementString(lot)}${SEPARATOR}3025`);
    await page.expectRefusal({
      code: "scan_quantity_mismatch",
      title: "Quantity differs",
      rule: "The label says 25; the line takes 20.",
      remedy: "Check the goods; when only 20 is taken, confirm that quantity.",
    });
    await expectAccessible(page.page, "another quantity");
  });
  await page.answer.getByRole("button", { name: "Confirm the quantity of the line" }).click();
  await page.expectConfirmed(1, "20 pcs");
  expect((await lineOf(company, pick)).quantity).toBe("20");
});

test("GS1 element strings are taken with and without symbology identifier, by scanner and by hand", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf);
  const ways = [
    { identifier: "]d2", wedge: true, captured: "By scanner" },
    { identifier: "]C1", wedge: false, captured: "Typed by hand" },
    { identifier: "", wedge: true, captured: "By scanner" },
    { identifier: "", wedge: false, captured: "Typed by hand" },
  ];
  const stocked: { item: Item; lot: Lot }[] = [];
  for (const _ of ways) {
    const item = await company.item();
    stocked.push({ item, lot: await company.stock(item, { quantity: 50, expires_on: SOON }) });
  }
  const pick = await company.pickTask(stocked.map(({ item }) => ({ item, quantity: 20 })));
  const page = new PickPage(await browserOf("warehouse"));
  await page.open(pick.id);
  for (const [place, { identifier, wedge, captured }] of ways.entries()) {
    const { item, lot } = stocked[place] ?? raise();
    const raw = `${identifier}${elementString(lot)}${SEPARATOR}3020`;
    await (wedge ? page.scanByWedge(raw) : page.scan(raw));
    await page.expectConfirmed(place + 1, `${item.code} ${lot.code}`);
    await expect(page.raw).toContainText(captured);
    await expect(page.raw).toContainText(raw.replace(SEPARATOR, "<GS>"));
  }
  await settle(page.page);
  await expectAccessible(page.page, "a task picked by GS1 labels");
});

/** Item, last day of use and lot, as on a GS1 label. */
function elementString(lot: Lot): string {
  return `01${lot.item.gtin}17${lot.expires_on?.slice(2).replaceAll("-", "")}10${lot.code}`;
}

/** A released lot of the company that has expired since, and its item as it is received. */
async function expiredLot(company: Company): Promise<{ lot: Lot; item: Item }> {
  const { items } = await company.quality.read<List<Lot>>("/lots?expired=true&status=released&limit=500");
  const lot = items.find(({ own_quantity }) => Number(own_quantity) > 0) ?? raise();
  return { lot, item: await company.clerk.read<Item>(`/items/${lot.item.id}`) };
}

/** Asserts that the task, its record and the stock of its items are the same afterwards. */
async function expectNothingWritten(company: Company, pick: Pick, items: Item[], act: () => Promise<void>): Promise<void> {
  const known = async () => ({
    pick: await company.warehouse.read<Pick>(`/picks/${pick.id}`),
    events: await eventsOf(company, pick),
    stock: await Promise.all(items.map((item) => stockOf(company, item))),
  });
  const before = await known();
  await act();
  expect(await known(), "a refusal writes nothing").toEqual(before);
}

async function lineOf(company: Company, pick: Pick): Promise<PickLine> {
  const { lines } = await company.warehouse.read<Pick>(`/picks/${pick.id}`);
  return lines[0] ?? raise();
}

async function eventsOf(company: Company, pick: Pick): Promise<Event[]> {
  return (await company.quality.read<List<Event>>(`/audit-events?aggregate_kind=pick&aggregate_id=${pick.id}`)).items;
}

async function stockOf(company: Company, item: Item): Promise<Stock[]> {
  return (await company.warehouse.read<List<Stock>>(`/stock?item_id=${item.id}&limit=500`)).items;
}

/** What is reserved of each lot of an item. */
async function reservedOf(company: Company, item: Item): Promise<Record<string, string>> {
  return Object.fromEntries((await stockOf(company, item)).map(({ lot, reserved }) => [lot?.code ?? "", reserved]));
}

function raise(): never {
  throw new Error("the story lacks something");
}
