// Signing: with a password and with a passkey of a virtual authenticator; what is wrong signs nothing; what was signed stands
// on the document and is verified with the record.
import { type CDPSession, type Page } from "@playwright/test";
import { type List } from "../support/api.js";
import { expectAccessible } from "../support/axe.js";
import { Company } from "../support/company.js";
import { requested, stateOf } from "../support/flow.js";
import { DESK, PASSWORD } from "../support/people.js";
import { settle } from "../support/settle.js";
import { openInInbox, sign } from "../support/signing.js";
import { expect, test } from "../support/test.js";

test.use({ locale: "en-GB" });

interface Signed {
  method: string;
  standing: string;
  signer: { display_name: string };
}

test("a decision is signed anew each time, and what is wrong signs nothing", async ({ browserOf, apiOf }) => {
  const company = await Company.of(apiOf, { subcontractor: "SUB-MACH", operation: "CNC" });
  const [admin, approver] = [await browserOf("admin"), await browserOf("approver")];
  const requisition = await requested(company, await company.item(), 20);
  const next = await requested(company, await company.item(), 20);
  await openInInbox(approver, requisition.number);
  await approver.locator('[data-decision="approve"]').click();
  const dialog = approver.getByTestId("signing-dialog");
  await expect(dialog.getByTestId("signing-record")).toContainText(requisition.number);
  await expect(dialog.getByTestId("signing-digest")).toHaveText(/^([0-9a-f]{8} ?){8}$/);
  await settle(approver);
  await expectAccessible(approver, "signing");
  await sign(approver, "approver", "not this one at all");
  await expect(dialog).toContainText("the password is wrong");
  await sign(approver, "manager");
  await expect(dialog).toContainText("the login is not that of this session");
  expect(await stateOf(company.clerk, requisition)).toBe("pending");
  await sign(approver, "approver");
  await expect(dialog).toBeHidden();
  await expect.poll(() => stateOf(company.clerk, requisition)).toBe("approved");

  await test.step("the next one knows who signs, and still asks for the password", async () => {
    await approver.locator(".waiting__item", { hasText: next.number }).click();
    await expect(approver.getByRole("article", { name: next.number })).toBeVisible();
    await approver.locator('[data-decision="approve"]').click();
    await expect(dialog.getByTestId("signing-login")).toHaveValue("approver");
    await expect(dialog.getByTestId("signing-password")).toHaveValue("");
    await sign(approver, "approver");
    await expect(dialog).toBeHidden();
  });

  await test.step("administrators see what failed, and the document who signed it", async () => {
    await admin.goto("/members");
    await expect(admin.getByTestId("signing-failures")).toContainText("The password is wrong");
    await expectAccessible(admin, "failed signings");
    await approver.goto(`/requisitions/${requisition.id}`);
    const signature = approver.getByTestId("signatures").locator("[data-standing=valid]");
    await expect(signature).toContainText("Approval");
    await expectAccessible(approver, "a signed document");
  });
});

/** An authenticator that makes sure by itself that its owner is there. */
async function authenticator(page: Page): Promise<{ session: CDPSession; authenticatorId: string }> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { session, authenticatorId };
}

test("a passkey signs a decision", async ({ browser, apiOf, baseURL }) => {
  const company = await Company.of(apiOf, { subcontractor: "SUB-MACH", operation: "CNC" });
  // Passkeys belong to a host name, which an address of digits is not.
  const home = (baseURL ?? "").replace("127.0.0.1", "localhost");
  const context = await browser.newContext({ baseURL: home, locale: "en-GB", viewport: DESK });
  const page = await context.newPage();
  const signedIn = await context.request.post("/api/v1/sessions", { data: { login: "approver", password: PASSWORD } });
  expect(signedIn.status()).toBe(201);
  const { session, authenticatorId } = await authenticator(page);

  await test.step("it is made on the account page, with the password", async () => {
    await page.goto("/account");
    await page.getByTestId("passkey-name").fill("Desk computer");
    await page.getByTestId("passkey-password").fill(PASSWORD);
    await page.getByTestId("passkey-add").click();
    await expect(page.getByTestId("signing-means")).toContainText("Desk computer");
    const { credentials } = await session.send("WebAuthn.getCredentials", { authenticatorId });
    expect(credentials).toHaveLength(1);
    await settle(page);
    await expectAccessible(page, "how I sign");
  });

  await test.step("it signs what is in the inbox, and its answer proves by itself who signed what", async () => {
    const requisition = await requested(company, await company.item(), 20);
    await openInInbox(page, requisition.number);
    await page.locator('[data-decision="approve"]').click();
    await page.getByTestId("signing-passkey").click();
    await expect(page.getByTestId("signing-dialog")).toBeHidden();
    const path = `/signatures?document_kind=requisition&document_id=${requisition.id}`;
    await expect.poll(async () => (await company.approver.read<List<Signed>>(path)).items.length).toBe(1);
    const { items } = await company.approver.read<List<Signed>>(path);
    expect(items.map(({ method, standing }) => [method, standing])).toEqual([["passkey", "valid"]]);
  });

  await test.step("without its owner it signs nothing", async () => {
    const requisition = await requested(company, await company.item(), 20);
    await session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
    await openInInbox(page, requisition.number);
    await page.locator('[data-decision="approve"]').click();
    await page.getByTestId("signing-passkey").click();
    await expect(page.getByTestId("signing-dialog")).toContainText("The passkey was cancelled");
    expect(await stateOf(company.clerk, requisition)).toBe("pending");
    await session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
    await page.getByTestId("signing-passkey").click();
    await expect(page.getByTestId("signing-dialog")).toBeHidden();
    await expect.poll(() => stateOf(company.clerk, requisition)).toBe("approved");
  });

  await test.step("given up, it is gone", async () => {
    await page.goto("/account");
    await page.getByTestId("passkey-remove").click();
    await page.getByTestId("own-password").fill(PASSWORD);
    await page.getByTestId("dialog-confirm").click();
    await expect(page.getByTestId("passkey-remove")).toHaveCount(0);
  });
  await context.close();
});
