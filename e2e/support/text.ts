// The app's own texts, so that a story looks for what a person reads in either language.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export type Language = "zh-CN" | "en";

const folder = fileURLToPath(new URL("../../frontend/locales", import.meta.url));
const catalogues = new Map<string, Record<string, string>>();

/** The text of a key such as `login.submit`. */
export function text(language: Language, key: string): string {
  const [catalogue = "", ...rest] = key.split(".");
  const path = join(folder, language, `${catalogue}.json`);
  if (!catalogues.has(path)) catalogues.set(path, JSON.parse(readFileSync(path, "utf8")));
  const found = catalogues.get(path)?.[rest.join(".")];
  if (found === undefined) throw new Error(`${path} has no text ${rest.join(".")}`);
  return found;
}
