// Who is asked when somebody is away, does not answer in time, or when the flow changes meanwhile. Last of all stories, for in
// the end the server's clock is ahead.
import { writeFile } from "node:fs/promises";
import { type Page } from "@playwright/test";
import { Company } from "../support/company.js";
import { expectAccessible } from "../support/axe.js";
import { DrawnFlow, personOf, requested, stateOf, step } from "../support/flow.js";
import { settle } from "../support/settle.js";
import { decide, openInInbox } from "../support/signing.js";
import { expect, test } from "../support/test.js";

test.use({ locale: "en-GB" });

const APPROVER = "王雅琴";
const MANAGER = "刘振华";

/** The value of a field for a time on this page's clock, so many hours from now. */
const hoursFromNow = (page: Page, hours: number): Promise<string> =>
  page.evaluate((hours) => {
    const time = new Date(Date.now() + hours * 3_600_000);
    const two = (figure: number) => String(figure).padStart(2, "0");
    return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}T${two(time.getHours())}:${two(time.getMinutes())}`;
  }, hours);

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
