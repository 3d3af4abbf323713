import { defineConfig } from "@playwright/test";

const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: "specs",
  outputDir: "test-results",
  globalSetup: "./support/server.ts",
  // One after the other: the stories share one company's stock.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  // What is measured is no story: `make bench` asks for it.
  grepInvert: process.env.LOTLINE_MEASURE ? undefined : /@measure/,
  timeout: 180_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    // Set by the global setup before a worker reads this file.
    baseURL: process.env.LOTLINE_URL,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    colorScheme: "light",
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      // The system's browser; none is ever downloaded.
      executablePath: process.env.LOTLINE_CHROMIUM || "/usr/bin/chromium",
      chromiumSandbox: !isRoot,
      args: [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
