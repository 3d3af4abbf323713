import { expect, type Locator, type Page } from "@playwright/test";
import { settle } from "../support/settle.js";

/** What is typed into a line. */
export interface LineEntry {
  lot: string | RegExp;
  quantity: string;
  condition?: string;
}

/** A form of a material document. */
export class MaterialForm {
  constructor(readonly page: Page) {}

  get lines(): Locator {
    return this.page.getByTestId("material-line");
  }

  /** Opens the form of a kind for an order, at the maker's desk. */
  async open(order: string, kind: string): Promise<void> {
    await this.page.goto(`/material-documents/new?order_id=${order}&kind=${kind}`);
    await expect(this.lines.first()).toBeVisible();
    await settle(this.page);
  }

  async fill(field: string, value: string): Promise<void> {
    await this.page.locator(`[name="/${field}"]`).fill(value);
  }

  /** Chooses what the line is about, and says how much. */
  async line(index: number, { lot, quantity, condition }: LineEntry): Promise<void> {
    const line = this.lines.nth(index);
    const option = line.locator(`select[name="/lines/${index}/lot_id"] option`, { hasText: lot });
    await expect(option).toHaveCount(1);
    await line.locator(`select[name="/lines/${index}/lot_id"]`).selectOption((await option.getAttribute("value")) ?? "");
    await line.locator(`input[name="/lines/${index}/quantity"]`).fill(quantity);
    if (condition) await line.locator(`select[name="/lines/${index}/condition"]`).selectOption(condition);
  }

  /** Sends it; answers the number of what was written. */
  async send(): Promise<string> {
    await this.page.getByTestId("material-submit").click();
    await this.page.waitForURL(/\/material-documents\/[0-9a-f-]{36}$/);
    await settle(this.page);
    return this.page.locator("h1").innerText();
  }
}
