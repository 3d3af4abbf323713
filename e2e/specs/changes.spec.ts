// Acts that a flow holds: a change of an item waits for quality, and can be taken back; a lot is released by whoever made it
// and then by us. Each leads to a change request, and is done in the moment of its last signature.
import { type Page } from "@playwright/test";
import { type Api, type List } from "../support/api.js";
import { expectAccessible } from "../support/axe.js";
import { Company, type Lot } from "../support/company.js";
import { countersigning, DrawnFlow, personOf, step } from "../support/flow.js";
import { settle } from "../support/settle.js";
import { decide, openInInbox } from "../support/signing.js";
import { expect, test, type ApiOf } from "../support/test.js";

test.use({ locale: "en-GB" });

const QUALITY = "赵海燕";
const APPROVER = "王雅琴";
/** No other story makes a lot of so many pieces: only this one's release is held. */
const PIECES = 37;

interface Member {
  id: string;
  person: { login: string };
  roles: { id: string }[];
  manager: { id: string } | null;
  active: boolean;
  version: number;
}

/** A flow that has quality decide about changes of packaging. */
async function heldChanges(apiOf: ApiOf): Promise<DrawnFlow> {
  const [admin, manager] = [await apiOf("admin"), await apiOf("manager")];
  const of = [
    { kind: "text", fact: "act", one_of: ["item_update"] },
    { kind: "text", fact: "item_class", one_of: ["packaging"] },
  ];
  const documents = { document_kind: "masterdata_change", condition: { kind: "all", of } };
  return DrawnFlow.publishFor(documents, [admin, manager], "Packaging", [step(await personOf(admin, QUALITY))]);
}

/** The number of the change request to which an act led. */
async function ledTo(page: Page): Promise<string> {
  await page.waitForURL(/\/change-requests\/[0-9a-f-]{36}$/, { timeout: 20_000 });
  await expect(page.getByTestId("differences")).toBeVisible();
  await settle(page);
  return (await page.locator("h1").innerText()).trim();
}

async function specify(page: Page, item: { id: string }, specification: string): Promise<string> {
  await page.goto(`/items/${item.id}`);
  await settle(page);
  await page.locator('input[name="/specification"]').fill(specification);
  await page.getByTestId("save").click();
  return ledTo(page);
}

const specificationOf = async (api: Api, item: { id: string }): Promise<string> =>
  (await api.read<{ specification: string }>(`/items/${item.id}`)).specification;

test("a change of an item waits for quality, and is done with its signature", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf, { subcontractor: "SUB-MACH", operation: "CNC" });
  const item = await company.item("packaging");
  const flow = await heldChanges(apiOf);
  const clerk = await browserOf("clerk");

  const number = await test.step("the clerk is led to what was before and after; the item stays as it is", async () => {
    const number = await specify(clerk, item, "ISO 11607-1");
    const row = clerk.getByTestId("differences").getByRole("row", { name: "Specification" });
    await expect(row.getByRole("cell")).toHaveText(["—", "ISO 11607-1"]);
    await expect(clerk.locator(".axes")).toContainText("Pending");
    await expectAccessible(clerk, "a change request");
    expect(await specificationOf(company.clerk, item)).toBe("");
    await clerk.getByRole("link", { name: item.code }).click();
    await expect(clerk.getByTestId("waiting-change")).toContainText(number);
    await settle(clerk);
    await expectAccessible(clerk, "an item of which a change waits");
    return number;
  });

  await test.step("quality sees the difference in the inbox, and signs it", async () => {
    const quality = await browserOf("quality");
    await openInInbox(quality, number);
    await expect(quality.getByTestId("differences")).toContainText("ISO 11607-1");
    await settle(quality);
    await expectAccessible(quality, "a change request in the inbox");
    await decide(quality, "quality", "approve");
    await expect.poll(() => specificationOf(company.clerk, item)).toBe("ISO 11607-1");
  });

  await test.step("it is done, and says by whose signature", async () => {
    await clerk.goto("/change-requests?state=done");
    await clerk.locator("tbody tr", { hasText: number }).getByRole("link", { name: number }).click();
    await expect(clerk.locator(".axes")).toContainText("Done");
    await expect(clerk.getByTestId("signatures")).toContainText(QUALITY);
    await clerk.goto("/change-requests");
    await settle(clerk);
    await expectAccessible(clerk, "change requests");
  });
  await flow.end();
});

test("whoever asked for a change takes it back", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf, { subcontractor: "SUB-MACH", operation: "CNC" });
  const item = await company.item("packaging");
  const flow = await heldChanges(apiOf);
  const [clerk, quality] = [await browserOf("clerk"), await browserOf("quality")];
  const number = await specify(clerk, item, "ISO 11607-2");
  const address = new URL(clerk.url()).pathname;
  await quality.goto(address);
  await settle(quality);
  await expect(quality.getByTestId("change-take-back"), "it is not theirs").toHaveCount(0);
  await clerk.getByTestId("change-take-back").click();
  const dialog = clerk.locator("dialog[open]");
  await dialog.locator('[name="/reason"]').fill("The other standard applies");
  await expectAccessible(clerk, "taking a change back");
  await dialog.getByTestId("dialog-confirm").click();
  await expect(clerk.locator(".axes")).toContainText("Withdrawn");
  await expect(clerk.getByTestId("change-take-back")).toHaveCount(0);
  await expect(quality.locator(".axes"), "live, without reload").toContainText("Withdrawn");
  await quality.goto("/inbox");
  await settle(quality);
  await expect(quality.locator(".waiting__item", { hasText: number })).toHaveCount(0);
  expect(await specificationOf(company.clerk, item)).toBe("");
  await clerk.goto(`/items/${item.id}`);
  await settle(clerk);
  await expect(clerk.getByTestId("waiting-change")).toHaveCount(0);
  await flow.end();
});

async function memberOf(admin: Api, login: string): Promise<Member> {
  const { items } = await admin.read<List<Member>>("/members?limit=500");
  const found = items.find(({ person }) => person.login === login);
  if (!found) throw new Error(`nobody signs in as ${login}`);
  return found;
}

/** Lets somebody release lots beside what they may; answers the way to take that from them again. */
async function mayRelease(admin: Api, login: string): Promise<() => Promise<void>> {
  const mark = Date.now().toString(36);
  const name = { zh: `放行 ${mark}`, en: `Release ${mark}` };
  const role = await admin.write<{ id: string }>("/roles", { code: `release-${mark}`, name, permissions: ["lot.release"] });
  const roles = (await memberOf(admin, login)).roles.map(({ id }) => id);
  const give = async (role_ids: string[]): Promise<void> => {
    const { id, manager, active, version } = await memberOf(admin, login);
    await admin.replace(`/members/${id}`, { role_ids, manager_id: manager?.id ?? null, active }, version);
  };
  await give([...roles, role.id]);
  return () => give(roles);
}

/** A lot that a subcontractor made and that waits for its release. */
async function finished(company: Company, portal: Api): Promise<Lot> {
  const bar = await company.item();
  await company.stock(bar, { quantity: PIECES, expires_on: "2029-09-30" });
  const order = await company.atWork([{ item: bar, quantity: PIECES }], PIECES, portal);
  const lot_code = company.code("F");
  const goods = { lot_code, good_quantity: String(PIECES), certificate_number: `COC-${lot_code}` };
  const receipt = await company.warehouse.write<{ lines: { lot: Lot }[] }>("/subcontract-receipts", {
    order_id: order.id,
    delivery_note: company.code("SUB-"),
    lines: [goods],
  });
  return company.quality.read<Lot>(`/lots/${receipt.lines[0]?.lot.id}`);
}

/** A flow in which the subcontractor releases what it made before one of ours does. */
async function twoReleases(apiOf: ApiOf): Promise<DrawnFlow> {
  const [admin, manager] = [await apiOf("admin"), await apiOf("manager")];
  const of = [
    { kind: "text", fact: "item_class", one_of: ["product"] },
    { kind: "number", fact: "quantity", is: "equal", than: String(PIECES) },
  ];
  const documents = { document_kind: "lot_release", condition: { kind: "all", of } };
  const ours = step(await personOf(admin, APPROVER), { meaning: "release" });
  return DrawnFlow.publishFor(documents, [admin, manager], "Two releases", [countersigning("production_release"), ours]);
}

test("a lot is released by whoever made it, and then by us", async ({ browserOf, apiOf }) => {
  test.setTimeout(240_000);
  const company = await Company.of(apiOf, { subcontractor: "SUB-MACH", operation: "CNC" });
  const lot = await finished(company, await apiOf("portal-machining"));
  const takeBack = await mayRelease(await apiOf("admin"), "approver");
  const flow = await twoReleases(apiOf);
  const quality = await browserOf("quality");
  const statusOf = async (): Promise<string> => (await company.quality.read<Lot>(`/lots/${lot.id}`)).status;

  const number = await test.step("quality asks for the release; nothing is released yet", async () => {
    await quality.goto(`/lots/${lot.id}`);
    await quality.getByTestId("lot-release").click();
    await quality.locator('dialog[open] [name="/reason"]').fill("Dimensions and certificate in order");
    await quality.locator("dialog[open]").getByTestId("dialog-confirm").click();
    const number = await ledTo(quality);
    await expect(quality.getByTestId("lot-to-release")).toContainText(lot.code);
    await expectAccessible(quality, "a release that was asked for");
    expect(await statusOf()).toBe("quarantine");
    return number;
  });
  const address = new URL(quality.url()).pathname;

  await test.step("the subcontractor reads what it is about on a phone, and signs first", async () => {
    const phone = await browserOf("portal-machining");
    await phone.goto("/portal/countersignatures");
    await phone.getByTestId("portal-countersignature").filter({ hasText: number }).click();
    const record = phone.getByTestId("signing-record").first();
    for (const said of ["Release a lot", lot.code, "Dimensions and certificate in order"]) {
      await expect(record).toContainText(said);
    }
    await expect(phone.locator("main")).toContainText("Production release");
    await expect(phone.locator("body"), "nothing hangs over the edge of a phone").toHaveJSProperty("scrollWidth", 390);
    await settle(phone);
    await expectAccessible(phone, "a release to countersign");
    await decide(phone, "portal-machining", "approve");
    expect(await statusOf(), "one signature is not enough").toBe("quarantine");
  });

  await test.step("somebody else of ours sees the lot, and releases it", async () => {
    const approver = await browserOf("approver");
    await openInInbox(approver, number);
    await expect(approver.getByTestId("lot-to-release")).toContainText(`COC-${lot.code}`);
    await expect(approver.getByTestId("approval-task")).toContainText("as: Release");
    await settle(approver);
    await expectAccessible(approver, "a release in the inbox");
    await decide(approver, "approver", "approve");
    await expect.poll(statusOf).toBe("released");
  });

  await test.step("the lot is released, and its request names both signatures", async () => {
    await quality.goto(`/lots/${lot.id}`);
    await expect(quality.locator(".axes").first()).toContainText("Released");
    await quality.goto(address);
    const signatures = quality.getByTestId("signatures").getByRole("listitem");
    await expect(signatures).toHaveCount(2);
    await expect(signatures.first()).toContainText("Production release");
    await expect(signatures.last()).toContainText(APPROVER);
  });
  await flow.end();
  await takeBack();
});
