// An approval flow is drawn with the mouse, and once more by keyboard alone; published by somebody else; and documents go
// through its branches, past different people, one of whom passes it on.
import { type Locator, type Page } from "@playwright/test";
import { type Api, type List } from "../support/api.js";
import { expectAccessible } from "../support/axe.js";
import { Company } from "../support/company.js";
import { requested, stateOf } from "../support/flow.js";
import { type Person } from "../support/people.js";
import { settle } from "../support/settle.js";
import { takeShots } from "../support/shots.js";
import { decide } from "../support/signing.js";
import { expect, test } from "../support/test.js";

test.use({ locale: "en-GB" });

interface Flow {
  id: string;
  versions: { state: string; drawing: unknown; condition: unknown }[];
}

interface Approval {
  id: string;
  document: { id: string; number: string };
}

const step = (page: Page, key: string): Locator => page.locator(`.flow [data-step="${key}"]:not([data-place])`);
const side = (page: Page, key: string, place: number): Locator =>
  page.locator(`.flow [data-step="${key}"][data-place="${place}"]`);
const gap = (page: Page, at: string): Locator => page.locator(`.flow [data-drop="${at}"]`);
const properties = (page: Page): Locator => page.getByTestId("flow-properties");

async function newFlow(page: Page, name: string): Promise<string> {
  await page.goto("/approval-flows/new");
  await page.getByLabel("Kind of documents").selectOption("requisition");
  await page.getByLabel("Chinese name").fill(name);
  await page.getByLabel("English name").fill(name);
  await page.getByTestId("save").click();
  await page.getByTestId("flow-draw").click();
  await expect(step(page, "approve-1")).toBeVisible();
  const id = /approval-flows\/([0-9a-f-]+)\//.exec(page.url())?.[1];
  if (!id) throw new Error(`no flow in ${page.url()}`);
  return id;
}

/** Places on the line open up once something is dragged: where it goes is looked for then. */
async function drag(page: Page, from: Locator, to: Locator, taken = to): Promise<void> {
  const middle = async (place: Locator): Promise<[number, number]> => {
    const box = await place.boundingBox();
    if (!box) throw new Error("nothing to drag");
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  await to.scrollIntoViewIfNeeded();
  const [x, y] = await middle(from);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 20, y + 20, { steps: 4 });
  await expect(page.locator(".fghost")).toBeVisible();
  await page.mouse.move(...(await middle(to)), { steps: 12 });
  await expect(taken).toHaveClass(/is-over/);
  await page.mouse.up();
}

const palette = (page: Page, node: string): Locator => page.locator(`.pal[data-new="${node}"]`);

/** Of what is chosen: a quantity of so much, at least. */
async function quantityAtLeast(page: Page, figure: string): Promise<void> {
  await properties(page).getByRole("button", { name: "Add a condition" }).first().click();
  await properties(page).getByLabel("What of the document").selectOption({ label: "Quantity" });
  await properties(page).getByLabel("Figure").fill(figure);
}

/** The step that is chosen is decided by people of one role and nobody else. */
async function onlyRole(page: Page, role: string): Promise<void> {
  await properties(page).getByRole("button", { name: "Take out" }).first().click();
  await properties(page).getByLabel("Add people or a role").selectOption({ label: `Role: ${role}` });
  await expect(properties(page).getByRole("list", { name: "Who decides" })).toContainText(role);
}

/** Who decides at its steps, which documents it is for, and that it is handed in. */
async function finish(page: Page, least: string): Promise<void> {
  await step(page, "approve-1").click();
  await onlyRole(page, "Approver");
  await step(page, "approve-2").click();
  await onlyRole(page, "Manager");
  await side(page, "choose-1", 0).click();
  await expect(properties(page)).toContainText("Condition 1");
  await quantityAtLeast(page, "9000");
  await step(page, "").click();
  await quantityAtLeast(page, least);
  await expect(page.getByTestId("flow-flaws")).toHaveCount(0);
}

async function publish(manager: Page, id: string, api: Api): Promise<Flow> {
  const waiting = await api.read<List<Approval>>("/approvals?state=pending&limit=500");
  const approval = waiting.items.find(({ document }) => document.id === id);
  if (!approval) throw new Error("the flow does not wait");
  await manager.goto("/inbox");
  await manager.getByRole("button", { name: approval.document.number }).click();
  await decide(manager, "manager", "approve");
  const flow = await api.read<Flow>(`/approval-flows/${id}`);
  expect(flow.versions[0]?.state).toBe("published");
  return flow;
}

async function approve([page, person]: [Page, Person], number: string): Promise<void> {
  await page.goto("/inbox");
  await page.getByRole("button", { name: number }).click();
  await decide(page, person, "approve");
}

test("what is dropped on a branch's head is the branch's first step", async ({ browserOf }) => {
  const admin = await browserOf("admin");
  await newFlow(admin, "Heads");
  await drag(admin, palette(admin, "choose"), gap(admin, ".0.0"));
  await drag(admin, palette(admin, "wait"), gap(admin, "choose-1.0.0"));
  await drag(admin, palette(admin, "notify"), side(admin, "choose-1", 0), gap(admin, "choose-1.0.0"));
  await expect(step(admin, "notify-1")).toBeVisible();
  const [first, second] = [await step(admin, "notify-1").boundingBox(), await step(admin, "wait-1").boundingBox()];
  expect(first?.y, "above the other").toBeLessThan(second?.y ?? 0);
});

test("a flow drawn with the mouse sends documents past different people", async ({ browserOf, apiOf }) => {
  test.setTimeout(240_000);
  const [admin, manager, approver] = [await browserOf("admin"), await browserOf("manager"), await browserOf("approver")];
  const [adminApi, managerApi, portal] = [await apiOf("admin"), await apiOf("manager"), await browserOf("portal-machining")];
  const id = await newFlow(admin, "Large issues");

  await test.step("a condition with parallel lanes, and otherwise one approver", async () => {
    await drag(admin, palette(admin, "choose"), gap(admin, ".0.0"));
    await expect(step(admin, "choose-1")).toBeVisible();
    await expect(admin.getByTestId("flow-flaws")).toBeVisible();
    await drag(admin, step(admin, "approve-1"), gap(admin, "choose-1.1.0"));
    await drag(admin, palette(admin, "parallel"), gap(admin, "choose-1.0.0"));
    await drag(admin, palette(admin, "approve"), gap(admin, "parallel-1.0.0"));
    await drag(admin, palette(admin, "countersign"), gap(admin, "parallel-1.1.0"));
    await finish(admin, "7000");
    await settle(admin);
    await expectAccessible(admin, "flow designer");
    await admin.getByTestId("flow-save").click();
    await settle(admin);
    await takeShots(admin, "flow-designer");
    await admin.getByTestId("flow-submit").click();
    await settle(admin);
  });

  await test.step("whoever drew it does not publish it; the manager does", async () => {
    await publish(manager, id, managerApi);
  });

  const company = await Company.of(apiOf, { subcontractor: "SUB-MACH", operation: "CNC" });
  const item = await company.item();

  await test.step("one below the condition goes past the approver", async () => {
    const small = await requested(company, item, 7500);
    await approve([approver, "approver"], small.number);
    expect(await stateOf(company.clerk, small)).toBe("approved");
  });

  await test.step("another one is passed on to the manager", async () => {
    const passed = await requested(company, item, 8000);
    await approver.goto("/inbox");
    await approver.getByRole("button", { name: passed.number }).click();
    await approver.locator('[data-involve="delegate"]').click();
    const dialog = approver.getByRole("dialog");
    await dialog.getByLabel("Person").selectOption({ label: "刘振华" });
    await dialog.getByRole("textbox").fill("knows this order better");
    await dialog.getByRole("button", { name: "Pass on" }).click();
    await settle(approver);
    await approve([manager, "manager"], passed.number);
    expect(await stateOf(company.clerk, passed)).toBe("approved");
  });

  await test.step("a large one waits for the manager and the subcontractor beside one another", async () => {
    const large = await requested(company, item, 9500);
    await approve([manager, "manager"], large.number);
    expect(await stateOf(company.clerk, large)).toBe("pending");
    await portal.goto("/portal/countersignatures");
    await portal.getByTestId("portal-countersignature").filter({ hasText: large.number }).click();
    await expect(portal.getByTestId("signing-record").first()).toContainText(item.code);
    await expectAccessible(portal, "a document to countersign");
    await decide(portal, "portal-machining", "approve");
    expect(await stateOf(company.clerk, large)).toBe("approved");
  });

  await test.step("the beat of its steps and a draft tried on what went through it", async () => {
    await admin.goto(`/approval-flows/${id}`);
    await expect(admin.getByTestId("flow-beat")).toContainText("1");
    await expectAccessible(admin, "a flow");
    await admin.getByTestId("flow-draft").click();
    await admin.getByTestId("flow-try").click();
    await expect(admin.getByTestId("trial-sum")).toContainText("3");
  });
  const { version } = await adminApi.read<{ version: number }>(`/approval-flows/${id}`);
  await adminApi.replace(`/approval-flows/${id}`, { name: { zh: "Large issues", en: "Large issues" }, position: 9, active: false }, version);
});

test("the same flow is drawn by keyboard alone", async ({ browserOf, apiOf }) => {
  test.setTimeout(180_000);
  const [admin, api] = [await browserOf("admin"), await apiOf("admin")];
  const id = await newFlow(admin, "By keyboard");
  const press = (key: string) => admin.keyboard.press(key);
  await gap(admin, ".0.0").locator(".fadd").focus();
  await press("3");
  await expect(step(admin, "choose-1")).toBeFocused();
  await step(admin, "approve-1").focus();
  await press("Alt+ArrowUp");
  await expect(admin.locator('[data-step="choose-1"][data-place="1"] ~ [data-step="approve-1"]')).toBeVisible();
  await side(admin, "choose-1", 0).focus();
  await press("4");
  await expect(step(admin, "parallel-1")).toBeFocused();
  await side(admin, "parallel-1", 0).focus();
  await press("1");
  await expect(step(admin, "approve-2")).toBeFocused();
  await side(admin, "parallel-1", 1).focus();
  await press("2");
  await expect(step(admin, "countersign-1")).toBeFocused();
  await press("Delete");
  await expect(step(admin, "countersign-1")).toHaveCount(0);
  await press("Control+z");
  await expect(step(admin, "countersign-1")).toBeVisible();
  await side(admin, "choose-1", 0).focus();
  await press("Enter");
  await properties(admin).getByRole("button", { name: "Add a condition" }).first().focus();
  await press("Enter");
  await properties(admin).getByLabel("Figure").focus();
  await press("Control+a");
  await admin.keyboard.type("9000");
  await press("Control+s");
  await settle(admin);
  const flow = await api.read<Flow>(`/approval-flows/${id}`);
  const drawn = JSON.stringify(flow.versions[0]?.drawing);
  for (const part of ["choose-1", "parallel-1", "approve-2", "countersign-1", '"9000"']) expect(drawn).toContain(part);
  await expect(admin.getByTestId("flow-flaws")).toHaveCount(0);
});
