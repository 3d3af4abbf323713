// An auditor takes the record along and verifies it in the browser; an altered one is named.
import { readFile, writeFile } from "node:fs/promises";
import { expectAccessible } from "../support/axe.js";
import { settle } from "../support/settle.js";
import { expect, test } from "../support/test.js";

test.use({ locale: "en-GB" });

test("the record is exported, verified in the browser, and an alteration is found", async ({ browserOf }, info) => {
  const page = await browserOf("auditor");
  await page.goto("/audit");
  await page.getByTestId("record-stand").locator("summary").click();
  await expect(page.getByText("Events sealed")).toBeVisible();
  await settle(page);
  await expectAccessible(page, "how the record stands");
  const download = page.waitForEvent("download");
  await page.getByTestId("record-export").click();
  const archive = info.outputPath("record.zip");
  await (await download).saveAs(archive);

  await page.goto("/audit/verify");
  await page.getByTestId("record-files").setInputFiles(archive);
  const verdict = page.getByTestId("verdict");
  await expect(verdict).toContainText("The record holds");
  await settle(page);
  await expectAccessible(page, "a verdict");

  const spoiled = info.outputPath("spoiled.zip");
  const bytes = await readFile(archive);
  // In the middle of the compressed events.
  bytes[Math.floor(bytes.length / 3)] ^= 0xff;
  await writeFile(spoiled, bytes);
  await page.getByTestId("record-files").setInputFiles(spoiled);
  await expect(verdict).not.toContainText("The record holds");
});

test("a proof of one event is downloaded and verified", async ({ browserOf }, info) => {
  const page = await browserOf("auditor");
  await page.goto("/audit");
  await page.getByTestId("audit-details").first().click();
  const download = page.waitForEvent("download");
  await page.getByTestId("audit-unfolded").getByTestId("event-proof").click();
  const proof = info.outputPath("event.tlog-proof");
  await (await download).saveAs(proof);
  await page.goto("/audit/verify");
  await page.getByTestId("record-files").setInputFiles(proof);
  await expect(page.getByTestId("verdict")).toContainText("The record holds");
});
