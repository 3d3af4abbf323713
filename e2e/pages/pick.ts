import { expect, type Locator, type Page } from "@playwright/test";
import { settle } from "../support/settle.js";

/** What the scan bar says of a refusal. */
export interface Refusal {
  code: string;
  title: string;
  rule: string;
  remedy: string;
}

/** The workbench of a pick task. */
export class PickPage {
  constructor(readonly page: Page) {}

  get field(): Locator {
    return this.page.getByTestId("scan-input");
  }

  /** What became of the last scan. */
  get message(): Locator {
    return this.page.getByTestId("scan-message");
  }

  /** The form that answers a refusal. */
  get answer(): Locator {
    return this.page.getByTestId("scan-answer");
  }

  /** What was scanned, and by which way it came. */
  get raw(): Locator {
    return this.page.getByTestId("scan-bar").locator(".scanbar__raw");
  }

  get timeline(): Locator {
    return this.page.getByRole("region", { name: "Timeline" });
  }

  async open(id: string): Promise<void> {
    await this.page.goto(`/picks/${id}`);
    await settle(this.page);
    await expect(this.field).toBeVisible();
  }

  line(lineNumber: number): Locator {
    return this.page.locator(`tr[data-line="${lineNumber}"]`);
  }

  /** Types a code and sends it. */
  async scan(raw: string): Promise<void> {
    await this.field.fill(raw);
    await this.page.getByTestId("scan-submit").click();
  }

  /** Types as a scanner does: keys without a pause, Ctrl+] for the separator, Enter at the end. */
  async scanByWedge(raw: string): Promise<void> {
    for (const [place, part] of raw.split("\u001d").entries()) {
      if (place > 0) await this.page.keyboard.press("Control+]");
      await this.page.keyboard.type(part);
    }
    await this.page.keyboard.press("Enter");
  }

  /** Answers that another lot is taken, and why. */
  async substitute(reason: string): Promise<void> {
    await this.answer.getByLabel("Why another lot than proposed").fill(reason);
    await this.answer.getByRole("button", { name: "Take this lot all the same" }).click();
  }

  /** Asserts which rule a person reads, and what helps. */
  async expectRefusal({ code, title, rule, remedy }: Refusal): Promise<void> {
    const refusal = this.message.locator(`[data-code="${code}"]`);
    await expect(refusal.locator(".scanbar__title")).toHaveText(title);
    await expect(refusal.locator("dt")).toHaveText(["Rule", "What helps"]);
    await expect(refusal.locator("dd")).toHaveText([rule, remedy]);
  }

  /** Asserts that a scan confirmed a line. */
  async expectConfirmed(lineNumber: number, words: string): Promise<void> {
    await expect(this.message).toContainText(words);
    await expect(this.line(lineNumber)).toContainText("Picked");
  }
}
