import { LoginPage } from "../pages/login.js";
import { expectAccessible } from "../support/axe.js";
import { LANGUAGES, show, THEMES } from "../support/look.js";
import { MAKERS, PASSWORD, SUBCONTRACTORS } from "../support/people.js";
import { settle } from "../support/settle.js";
import { takeShots } from "../support/shots.js";
import { expect, test } from "../support/test.js";

for (const person of [...MAKERS, ...SUBCONTRACTORS]) {
  test(`${person} signs in`, async ({ page }) => {
    const login = new LoginPage(page);
    await login.open();
    await login.signIn(person, PASSWORD);
    await expect(login.title).toBeHidden();
    await page.reload();
    await settle(page);
    await expect(login.title, "still signed in after a reload").toBeHidden();
  });
}

test("a wrong password is refused in words, the same as an unknown login", async ({ page }) => {
  const login = new LoginPage(page);
  await login.open();
  await login.signIn("clerk", "not the password");
  await expect(login.refusal).toBeVisible();
  const refusal = await login.refusal.innerText();
  await login.open();
  await login.signIn("nobody-of-this-name", "not the password");
  await expect(login.refusal).toHaveText(refusal, { useInnerText: true });
});

test("the sign-in page is accessible in every look", async ({ page }) => {
  await new LoginPage(page).open();
  for (const language of LANGUAGES) {
    for (const theme of THEMES) {
      await show(page, language, theme);
      await expectAccessible(page, `sign-in, ${language}, ${theme}`);
    }
  }
  await takeShots(page, "sign-in");
});
