// Starts the real server with its own data and the demonstration company, once for all stories.
// With LOTLINE_URL set, the stories run against that server instead.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const READY = /listens on (http:\/\/\S+)/;
const START_LIMIT_MS = 120_000;

export default async function startServer(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.LOTLINE_URL) return undefined;
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), "lotline-e2e-"));
  // PostgreSQL runs as an account of its own when the tests are root's; it must get in.
  await chmod(folder, 0o755);
  // How many seconds the server's clock is ahead; a story in which time passes writes it.
  process.env.LOTLINE_CLOCK_AHEAD = join(folder, "ahead");
  const server = spawn(program(root), ["serve", "--demo", "--listen", "127.0.0.1:0", "--rate-limit", "0"], {
    env: {
      ...process.env,
      DATABASE_URL: undefined,
      LOTLINE_DATA_DIR: join(folder, "data"),
      LOTLINE_DIST_DIR: process.env.LOTLINE_DIST_DIR ?? join(root, "dist"),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  try {
    process.env.LOTLINE_URL = await readAddress(server);
  } catch (error) {
    await stop(server, folder);
    throw error;
  }
  return () => stop(server, folder);
}

function program(root: string): string {
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  return process.env.LOTLINE_PROGRAM ?? join(target, "debug", "lotline");
}

/** The address that the server prints when it is ready; its other lines are kept for a failure. */
async function readAddress(server: ChildProcess): Promise<string> {
  const printed: string[] = [];
  return new Promise((found, failed) => {
    const fail = (reason: string) => failed(new Error(`the server ${reason}:\n${printed.slice(-40).join("\n")}`));
    const limit = setTimeout(() => fail(`was not ready after ${START_LIMIT_MS / 1000} s`), START_LIMIT_MS);
    const read = (line: string) => {
      printed.push(line);
      const address = READY.exec(line)?.[1];
      if (!address) return;
      clearTimeout(limit);
      found(address);
    };
    for (const stream of [server.stdout, server.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", read);
    }
    server.once("error", (error) => fail(`did not start (${error.message})`));
    server.once("exit", (code) => fail(`ended with ${code}`));
  });
}

async function stop(server: ChildProcess, folder: string): Promise<void> {
  if (server.exitCode === null && server.kill("SIGTERM")) await once(server, "exit");
  await rm(folder, { recursive: true, force: true });
}
