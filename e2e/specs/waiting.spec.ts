// What somebody who decides sees of what waits; who is asked when somebody is away, does not answer in time, or when the flow
// changes meanwhile. Last of all stories, for in the end the server's clock is ahead.
import { readFile, writeFile } from "node:fs/promises";
import { type Page } from "@playwright/test";
import { type Api, type List } from "../support/api.js";
import { Company, theOnly, type Item } from "../support/company.js";
import { expectAccessible } from "../support/axe.js";
import { PDF, PNG } from "../support/files.js";
import { DrawnFlow, personOf, requested, stateOf, step } from "../support/flow.js";
import { settle } from "../support/settle.js";
import { decide, openInInbox } from "../support/signing.js";
import { expect, test } from "../support/test.js";

test.use({ locale: "en-GB" });

const APPROVER = "王雅琴";
const MANAGER = "刘振华";

interface Agreed {
  id: string;
  versions: { id: string; version: number }[];
}

/** A contract in force: no more than so many pieces of an item in custody, and 2 % more issued than required. */
async function agree(company: Company, manager: Api, item: Item, most: number): Promise<void> {
  const partner = await theOnly(company.clerk, "/partners?limit=500", company.partnerCode);
  const clause = { enforcement: "approve", item_id: item.id };
  const quota = { kind: "custody_quota", maximum_quantity: String(most) };
  const clauses = [
    { ...clause, number: "4.3", text: { zh: "", en: "No more than 2 % is issued beyond the need." }, terms: { kind: "issue_tolerance", over_percent: "2" } },
    { ...clause, number: "4.5", text: { zh: "", en: `No more than ${most} pieces are in custody.` }, terms: quota },
  ];
  const title = { zh: "加工合同", en: "Processing contract" };
  const contract = { partner_id: partner.id, kind: "contract", title, effective_from: "2026-01-01", clauses };
  const { id, versions } = await company.quality.write<Agreed>("/agreements", contract);
  for (const draft of versions) {
    await company.quality.write(`/agreement-versions/${draft.id}/transitions`, { state: "pending" }, draft.version);
  }
  const waiting = await manager.read<List<{ id: string; document: { id: string } }>>("/approvals?state=pending&limit=500");
  const approval = waiting.items.find(({ document }) => document.id === id);
  if (!approval) throw new Error("the contract does not wait");
  await manager.decide(approval.id, { decision: "approve" });
}

/** So many pieces are on their way to the subcontractor. */
async function issue(company: Company, item: Item, quantity: number): Promise<void> {
  const pick = await company.pickTask([{ item, quantity }]);
  for (const { line_number, proposed_lot } of pick.lines) {
    await company.warehouse.write(`/picks/${pick.id}/scans`, { raw: proposed_lot?.code ?? "", capture: "wedge", line_number });
  }
  await company.warehouse.write("/issue-notes", { pick_id: pick.id });
}

/** The value of a field for a time on this page's clock, so many hours from now. */
const hoursFromNow = (page: Page, hours: number): Promise<string> =>
  page.evaluate((hours) => {
    const time = new Date(Date.now() + hours * 3_600_000);
    const two = (figure: number) => String(figure).padStart(2, "0");
    return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}T${two(time.getHours())}:${two(time.getMinutes())}`;
  }, hours);

test("clause, history and evidence stand on one screen with what is decided", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf);
  const item = await company.item();
  await agree(company, await apiOf("manager"), item, 10);
  await company.stock(item, { quantity: 30, expires_on: "2029-09-30" });
  await issue(company, item, 4);
  const order = await company.openOrder([{ item, quantity: 8 }], 1);
  const lines = [{ item_id: item.id, quantity: "8" }];
  const wanted = { order_id: order.id, needed_on: "2027-06-01", priority: "normal", lines, submit: false };
  const requisition = await company.clerk.write<{ id: string; number: string }>("/requisitions", wanted);

  await test.step("the clerk lays a drawing and a photo to it, and submits it", async () => {
    const clerk = await browserOf("clerk");
    await clerk.goto(`/requisitions/${requisition.id}`);
    const evidence = clerk.getByTestId("evidence");
    const file = evidence.locator('input[type="file"]');
    await file.setInputFiles({ name: "drawing.pdf", mimeType: "application/pdf", buffer: PDF });
    await expect(evidence.getByRole("link", { name: /drawing\.pdf/ })).toBeVisible();
    await file.setInputFiles({ name: "breakage.png", mimeType: "image/png", buffer: PNG });
    await expect(evidence.getByRole("link", { name: /breakage\.png/ }).locator("img")).toBeVisible();
    await file.setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no evidence") });
    await expect(evidence.locator("[data-code=file_type_unsupported]"), "neither a picture nor a PDF").toBeVisible();
    await expect(evidence.getByRole("link")).toHaveCount(2);
    await settle(clerk);
    await expectAccessible(clerk, "a requisition with evidence");
    await clerk.getByTestId("requisition-submit").click();
    await expect(clerk.getByText("Pending", { exact: true }).first()).toBeVisible();
  });

  const approver = await browserOf("approver");
  await openInInbox(approver, requisition.number);
  const shown = approver.getByRole("article", { name: requisition.number });
  const clauses = shown.getByTestId("clause-check");
  await expect(clauses.getByTestId("clause-findings"), "the clause in its own words").toContainText("No more than 10 pieces are in custody.");
  await expect(clauses.getByTestId("clause-findings"), "the figure before and after, and the limit").toContainText(
    "Now 4 pcs, afterwards 12 pcs; the clause sets 10 pcs.",
  );
  await expect(clauses.getByTestId("clauses-kept")).toContainText("Issue tolerance");
  await expect(clauses.getByRole("progressbar"), "8 of 8.16").toHaveAttribute("value", "98");
  const history = shown.getByTestId("dealings");
  await expect(history.getByRole("link", { name: "Open orders: 2" })).toBeVisible();
  await expect(history.getByRole("link", { name: "Requisitions refused / decided: 0 / 1" })).toBeVisible();
  await expect(history.getByRole("table"), "a requisition is no history of itself").not.toContainText(requisition.number);
  await settle(approver);
  await expectAccessible(approver, "a requisition with all that is needed to decide on it");

  const evidence = shown.getByTestId("evidence");
  await expect(evidence.locator("img")).toBeVisible();
  const download = approver.waitForEvent("download");
  await evidence.getByRole("link", { name: /drawing\.pdf/ }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("drawing.pdf");
  expect(await readFile(await file.path()), "as it was laid").toEqual(PDF);

  await decide(approver, "approver", "approve");
  expect(await stateOf(company.clerk, requisition)).toBe("approved");
  await approver.goto(`/orders/${order.id}`);
  await settle(approver);
  const agreements = approver.getByTestId("order-contracts");
  await agreements.getByTestId("clauses-kept").locator("summary").click();
  await expect(agreements.getByTestId("clauses-kept")).toContainText("Issue tolerance");
  await expectAccessible(approver, "an order with the clauses that it keeps");
});

test("somebody who is away is stood in for, and both are named", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf, { subcontractor: "SUB-MACH", operation: "CNC" });
  const [admin, managerApi] = [await apiOf("admin"), await apiOf("manager")];
  const [approver, manager] = [await browserOf("approver"), await browserOf("manager")];
  const flow = await DrawnFlow.publish([admin, managerApi], "Away", [step(await personOf(admin, APPROVER))], 30_000);
  const item = await company.item();

  await test.step("away from now until tomorrow, said on the own account", async () => {
    await approver.goto("/account");
    const absences = approver.getByTestId("absences");
    await absences.locator('input[name="/starts_at"]').fill(await hoursFromNow(approver, -1));
    await absences.locator('input[name="/ends_at"]').fill(await hoursFromNow(approver, 24));
    await absences.locator('select[name="/stand_in_id"]').selectOption({ label: MANAGER });
    await absences.getByTestId("absence-add").click();
    await expect(absences.getByTestId("absence-cancel")).toBeVisible();
    await settle(approver);
    await expectAccessible(approver, "an absence");
  });

  await test.step("the stand-in is asked, and decides in the other's place", async () => {
    const requisition = await requested(company, item, 30_000);
    await openInInbox(manager, requisition.number);
    await expect(manager.getByTestId("approval-task")).toContainText(APPROVER);
    await decide(manager, "manager", "approve");
    expect(await stateOf(company.clerk, requisition)).toBe("approved");
    await manager.goto(`/requisitions/${requisition.id}`);
    await expect(manager.getByTestId("signatures")).toContainText(MANAGER);
    await expect(manager.getByTestId("signatures")).toContainText(APPROVER);
  });
  await approver.getByTestId("absence-cancel").click();
  await expect(approver.getByTestId("absence-cancel")).toHaveCount(0);
  await flow.end();
});

test("what is under way stays on its version when the flow changes", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf, { subcontractor: "SUB-MACH", operation: "CNC" });
  const [admin, managerApi] = [await apiOf("admin"), await apiOf("manager")];
  const [approver, manager] = [await browserOf("approver"), await browserOf("manager")];
  const flow = await DrawnFlow.publish([admin, managerApi], "Changing", [step(await personOf(admin, APPROVER))], 31_000);
  const item = await company.item();
  const before = await requested(company, item, 31_000);
  await flow.change([step(await personOf(admin, MANAGER))]);
  const after = await requested(company, item, 31_000);

  await openInInbox(manager, before.number);
  await expect(manager.locator('[data-decision="approve"]'), "it stays with whom it was put to").toHaveCount(0);
  await openInInbox(approver, before.number);
  await expect(approver.locator(".waiting__item", { hasText: before.number })).toContainText("v1");
  await decide(approver, "approver", "approve");
  expect(await stateOf(company.clerk, before)).toBe("approved");
  await openInInbox(manager, after.number);
  await decide(manager, "manager", "approve");
  expect(await stateOf(company.clerk, after)).toBe("approved");
  await flow.end();
});

test("what is not decided in time is put to somebody else as well", async ({ browserOf, apiOf }) => {
  test.skip(!process.env.LOTLINE_CLOCK_AHEAD, "the clock of that server cannot be moved");
  const company = await Company.of(apiOf, { subcontractor: "SUB-MACH", operation: "CNC" });
  const [admin, managerApi] = [await apiOf("admin"), await apiOf("manager")];
  const [approver, manager] = [await personOf(admin, APPROVER), await personOf(admin, MANAGER)];
  const escalate_to = [{ kind: "person", person_id: manager.id }];
  const flow = await DrawnFlow.publish([admin, managerApi], "In time", [step(approver, { due: { hours: 2, escalate_to } })], 32_000);
  const requisition = await requested(company, await company.item(), 32_000);
  const page = await browserOf("manager");
  await openInInbox(page, requisition.number);
  await expect(page.locator('[data-decision="approve"]'), "not asked yet").toHaveCount(0);

  await writeFile(process.env.LOTLINE_CLOCK_AHEAD ?? "", String(3 * 3600));
  await expect(page.locator('[data-decision="approve"]'), "asked once it is late, without reload").toBeVisible({ timeout: 30_000 });
  await expect(page.getByTestId("approval-history")).toContainText("overdue", { ignoreCase: true });
  await decide(page, "manager", "approve");
  expect(await stateOf(company.clerk, requisition)).toBe("approved");
  await flow.end();
});
