import { type Locator, type Page } from "@playwright/test";
import { text, type Language } from "../support/text.js";

/** The page of those who are not signed in. */
export class LoginPage {
  constructor(
    readonly page: Page,
    readonly language: Language = "zh-CN",
  ) {}

  get title(): Locator {
    return this.page.getByRole("heading", { name: text(this.language, "login.title") });
  }

  /** What the app says when it refuses. */
  get refusal(): Locator {
    return this.page.getByRole("alert");
  }

  async open(): Promise<void> {
    await this.page.goto("/");
    await this.title.waitFor();
  }

  async signIn(login: string, password: string): Promise<void> {
    await this.page.getByLabel(text(this.language, "login.login")).fill(login);
    await this.page.getByLabel(text(this.language, "login.password")).fill(password);
    await this.page.getByRole("button", { name: text(this.language, "login.submit") }).click();
  }
}
