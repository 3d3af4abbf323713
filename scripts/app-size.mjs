// Prints what the app weighs as a browser loads it (brotli) and fails over the limit.
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const [folder, limit] = [process.argv[2], Number(process.argv[3])];
const remembered = join(folder, ".sizes.json");

const known = () => {
  try {
    return JSON.parse(readFileSync(remembered, "utf8"));
  } catch {
    return {};
  }
};
const compressed = (path) =>
  brotliCompressSync(readFileSync(path), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

const before = known();
const sizes = {};
for (const name of readdirSync(folder, { recursive: true }).sort()) {
  if (!/\.(wasm|js|css)$/.test(name)) continue;
  const { size, mtimeMs } = statSync(join(folder, name));
  const key = `${name} ${size} ${mtimeMs}`;
  sizes[key] = before[key] ?? compressed(join(folder, name));
}
writeFileSync(remembered, JSON.stringify(sizes));

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
for (const [key, bytes] of Object.entries(sizes)) console.log(`      ${kilobytes(bytes).padStart(9)}  ${key.split(" ")[0]}`);
// Who verifies a record loads the verifier; nobody else does.
const loaded = Object.entries(sizes).filter(([key]) => !key.startsWith("verifier"));
const total = loaded.reduce((sum, [, bytes]) => sum + bytes, 0);
console.log(`      ${kilobytes(total).padStart(9)}  app, compressed (limit ${kilobytes(limit)})`);
if (total === 0 || total > limit) {
  console.error(total === 0 ? "lotline: no app was built" : "lotline: the app is over its limit");
  process.exit(1);
}
