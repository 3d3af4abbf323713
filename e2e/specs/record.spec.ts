// An auditor takes the record along and verifies it in the browser; an altered one is named.
import { readFile, writeFile } from "node:fs/promises";
import { type Page, type TestInfo } from "@playwright/test";
import { type List } from "../support/api.js";
import { unpack } from "../support/archive.js";
import { expectAccessible } from "../support/axe.js";
import { settle } from "../support/settle.js";
import { takeShots } from "../support/shots.js";
import { expect, test } from "../support/test.js";

test.use({ locale: "en-GB" });

/** What a click downloads, under its name. */
async function downloaded(page: Page, info: TestInfo, testId: string, name: string): Promise<string> {
  const download = page.waitForEvent("download");
  await page.getByTestId(testId).first().click();
  const path = info.outputPath(name);
  await (await download).saveAs(path);
  return path;
}

const verdict = (page: Page) => page.getByTestId("verdict");

test("the record is exported, verified in the browser, and an alteration is named", async ({ browserOf }, info) => {
  const page = await browserOf("auditor");
  await page.goto("/audit");
  await page.getByTestId("record-stand").locator("summary").click();
  await expect(page.getByText("Events sealed")).toBeVisible();
  await settle(page);
  await expectAccessible(page, "how the record stands");
  const archive = await downloaded(page, info, "record-export", "record.zip");
  const keys = await downloaded(page, info, "record-keys", "keys.txt");
  await takeShots(page, "record-stand");

  await page.goto("/audit/verify");
  await expect(page.getByTestId("record-files")).toBeVisible();
  await takeShots(page, "record-verify");
  await page.getByTestId("record-files").setInputFiles([archive, keys]);
  await expect(verdict(page)).toContainText("The record holds");
  await expect(page.getByText("the file speaks for itself"), "compared with the keys that were kept").toHaveCount(0);
  await settle(page);
  await expectAccessible(page, "a verdict");

  const lines = unpack(await readFile(archive), "events.ndjson").toString("utf8").split("\n");
  const place = lines.findIndex((line) => line.startsWith('{"kind":"event"') && line.includes('"index":40,'));
  const spoiled = info.outputPath("spoiled.ndjson");
  const altered = lines.map((line, index) => (index === place ? line.replace('"action":"', '"action":"x') : line));
  await writeFile(spoiled, altered.join("\n"));
  await page.getByTestId("record-files").setInputFiles(spoiled);
  await expect(verdict(page)).toContainText("An event was altered");
  await expect(verdict(page)).toContainText("at index 40");
  await settle(page);
  await expectAccessible(page, "a verdict that is bad");

  const shortened = info.outputPath("shortened.ndjson");
  await writeFile(shortened, lines.filter((_, index) => index !== place).join("\n"));
  await page.getByTestId("record-files").setInputFiles(shortened);
  await expect(verdict(page)).toContainText("out of its place");
  await expect(verdict(page)).toContainText("at index 40");
});

test("an archive whose bytes are broken is no record that holds", async ({ browserOf }, info) => {
  const page = await browserOf("auditor");
  await page.goto("/audit");
  await page.getByTestId("record-stand").locator("summary").click();
  const bytes = await readFile(await downloaded(page, info, "record-export", "record.zip"));
  // In the middle of the compressed events.
  const middle = Math.floor(bytes.length / 3);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 0xff, middle);
  const broken = info.outputPath("broken.zip");
  await writeFile(broken, bytes);
  await page.goto("/audit/verify");
  await page.getByTestId("record-files").setInputFiles(broken);
  // What the broken bytes unpack to differs: nothing, or an event that is not the one that was sealed.
  await expect(verdict(page)).toHaveClass(/banner--danger/);
});

test("a proof of one event is downloaded and verified", async ({ browserOf }, info) => {
  const page = await browserOf("auditor");
  await page.goto("/audit");
  await page.getByTestId("audit-details").first().click();
  const proof = await downloaded(page, info, "event-proof", "event.tlog-proof");
  await page.goto("/audit/verify");
  await page.getByTestId("record-files").setInputFiles(proof);
  await expect(verdict(page)).toContainText("The record holds");
});

test("a subcontractor keeps the proof of what it got, and verifies it on the phone", async ({ browserOf, apiOf }, info) => {
  const { items } = await (await apiOf("portal-machining")).read<List<{ id: string; custody_state: string }>>("/portal/deliveries?limit=100");
  const confirmed = items.find(({ custody_state }) => custody_state === "confirmed");
  const phone = await browserOf("portal-machining");
  await phone.goto(`/issue-notes/${confirmed?.id ?? ""}`);
  const proof = await downloaded(phone, info, "event-proof", "issue.tlog-proof");
  const keys = await downloaded(phone, info, "record-keys", "keys.txt");
  await settle(phone);
  await expectAccessible(phone, "a delivery with its proofs");
  await phone.getByRole("link", { name: "Verify the record" }).click();
  await phone.getByTestId("record-files").setInputFiles([proof, keys]);
  await expect(verdict(phone)).toContainText("The record holds");
  await expect(phone.getByText("the file speaks for itself"), "compared with the keys that were kept").toHaveCount(0);
});

test("a review of the record is signed off, and stands there for the next one", async ({ browserOf }) => {
  const page = await browserOf("auditor");
  await page.goto("/audit");
  await page.getByTestId("record-stand").locator("summary").click();
  await page.getByTestId("record-review").click();
  await expect(page.getByTestId("record-stand").locator('[aria-invalid="true"]'), "what was found is asked for").toHaveCount(1);
  await page.getByTestId("record-stand").locator('input[name="/remark"]').fill("Read from the first event; two late entries, both explained");
  await page.getByTestId("record-review").click();
  await expect(page.getByTestId("record-reviewed")).toContainText("two late entries, both explained");
});
