// A bar is made into screws at a subcontractor who says which bar it took, and into others of which nobody says it: where
// both went, what is certain, where everything is now, and the paper an inspector takes along.
import { readFile } from "node:fs/promises";
import { expectAccessible } from "../support/axe.js";
import { type List } from "../support/api.js";
import { Company, type Lot } from "../support/company.js";
import { settle } from "../support/settle.js";
import { takeShots } from "../support/shots.js";
import { expect, test } from "../support/test.js";

test.use({ locale: "en-GB" });

const FAR = "2029-09-30";

test("a bar is traced to the screws made of it, certain and possible", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf, { subcontractor: "SUB-MACH", operation: "CNC" });
  const bar = await company.item();
  const [first, second] = [
    await company.stock(bar, { quantity: 30, expires_on: "2029-01-31" }),
    await company.stock(bar, { quantity: 30, expires_on: FAR }),
  ];
  const order = await company.atWork([{ item: bar, quantity: 60 }], 60, await apiOf("portal-machining"));
  const finish = async (lot_code: string, uses?: object[]) => {
    const lines = [{ lot_code, good_quantity: "20", certificate_number: `COC-${lot_code}`, ...(uses ? { uses } : {}) }];
    await company.warehouse.write("/subcontract-receipts", { order_id: order.id, delivery_note: lot_code, lines });
  };
  const [declared, unsaid] = [company.code("F"), company.code("F")];
  await finish(declared, [{ item_id: bar.id, lot_id: first.id, quantity: "20" }]);
  await finish(unsaid);
  const quality = await browserOf("quality");

  await test.step("the picture shows both, one for certain, and who could settle the other", async () => {
    await quality.goto(`/lots/${first.id}`);
    await quality.getByTestId("lot-trace").click();
    await settle(quality);
    await expect(quality.getByTestId("trace-node")).toHaveCount(3);
    await expect(quality.getByTestId("trace-sum")).toHaveText("Lots: 1 certain, 1 possible");
    await expect(quality.getByTestId("trace-doubts")).toContainText("can declare");
    await expectAccessible(quality, "picture of a genealogy");
    await takeShots(quality, "trace");
  });

  await test.step("a lot is found, chosen by keyboard, and where it is stands beside it", async () => {
    await quality.getByTestId("trace-find").fill(unsaid.toLowerCase());
    await quality.getByTestId("trace-find").press("Enter");
    await expect(quality.getByTestId("trace-chosen")).toHaveText(unsaid);
    const node = quality.getByTestId("trace-node").filter({ hasText: declared });
    await node.focus();
    await node.press("Enter");
    await expect(quality.getByTestId("trace-chosen")).toHaveText(declared);
    await expect(quality.getByRole("complementary").getByText("Together, as much as came in: 20")).toBeVisible();
  });

  await test.step("the table says the same, and the files hold it", async () => {
    const svg = quality.waitForEvent("download");
    await quality.getByTestId("trace-svg").click();
    expect(await readFile(await (await svg).path(), "utf8")).toContain(declared);
    const csv = quality.waitForEvent("download");
    await quality.getByTestId("trace-csv").click();
    const rows = (await readFile(await (await csv).path(), "utf8")).trim().split("\r\n");
    expect(rows).toHaveLength(3);
    expect(rows.find((row) => row.includes(declared))).toContain("declared");
    await quality.getByRole("button", { name: "Table", exact: true }).click();
    await expect(quality.getByTestId("trace-tables").getByRole("link", { name: unsaid }).first()).toBeVisible();
    await settle(quality);
    await expectAccessible(quality, "table of a genealogy");
    await takeShots(quality, "trace-table");
  });

  await test.step("the paper has a code that leads back", async () => {
    await quality.getByRole("link", { name: "Print" }).click();
    await expect(quality.getByTestId("trace-paper")).toContainText(declared);
    await expect(quality.getByRole("img", { name: new RegExp(`/lots/${first.id}/trace$`) })).toBeVisible();
    await settle(quality);
    await expectAccessible(quality, "paper of a genealogy");
    await takeShots(quality, "trace-paper");
  });

  await test.step("the lot's page says what is missing and everything that happened", async () => {
    const { items } = await company.quality.read<List<Lot>>(`/lots?search=${unsaid}`);
    await quality.goto(`/lots/${items[0]?.id ?? ""}`);
    await expect(quality.getByTestId("lot-completeness")).toContainText("lots used");
    await expect(quality.getByTestId("lot-completeness")).toContainText(second.code);
    await expect(quality.getByTestId("lot-events")).toContainText("Made of");
    await expect(quality.getByTestId("lot-whereabouts")).toContainText("Together, as much as came in: 20");
    await settle(quality);
    await expectAccessible(quality, "lot with its record");
    await takeShots(quality, "trace-lot");
  });
});

interface Picture { nodes: object[] }

test("the demonstration's biggest lot is followed from the bar to the customers; a lot's page begins its recall", async ({ browserOf, apiOf }) => {
  const api = await apiOf("quality");
  const { items } = await api.read<List<Lot>>("/lots?search=TI26&limit=200");
  const biggest = { id: "", nodes: 0 };
  for (const { id } of items) {
    const { nodes } = await api.read<Picture>(`/lots/${id}/trace-picture?unfold=all`);
    if (nodes.length > biggest.nodes) Object.assign(biggest, { id, nodes: nodes.length });
  }
  expect(biggest.nodes, "lots of every step").toBeGreaterThan(10);
  const quality = await browserOf("quality");
  await quality.goto(`/lots/${biggest.id}/trace?unfold=all`);
  await settle(quality);
  await expect(quality.getByTestId("trace-node")).toHaveCount(biggest.nodes);
  await expectAccessible(quality, "picture of the biggest genealogy");
  await takeShots(quality, "trace-biggest");
  const sterile = quality.getByTestId("trace-node").filter({ hasText: "Locking" }).last();
  await sterile.focus();
  await sterile.press("Enter");
  await expect(quality.getByTestId("trace-chosen")).toBeVisible();

  const released = await api.read<List<Lot>>("/lots?status=released&limit=1");
  await quality.goto(`/lots/${released.items[0]?.id ?? ""}`);
  await quality.getByTestId("lot-recall").click();
  await expect(quality.locator('input[name="/criteria/lot_ids"]')).toHaveValue(released.items[0]?.code ?? "");
});
