// Asks the engine of flows as WebAssembly what the server's engine answered: node engine.cjs <module> <questions>
const { readFileSync } = require('node:fs');
const { resolve } = require('node:path');

const [module_, questions] = process.argv.slice(2).map((path) => resolve(path));
const { answer } = require(module_);

// Keys in one order: the two print objects differently, and mean the same.
const sorted = (value) => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
};
const same = (one, other) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

let asked = 0;
let refused = 0;
for (const line of readFileSync(questions, 'utf8').split('\n').filter(Boolean)) {
  const { question, answer: expected } = JSON.parse(line);
  const given = JSON.parse(answer(JSON.stringify(question)));
  if (!same(given, expected)) {
    console.error(`the engines differ:\n${JSON.stringify(question)}\nserver ${JSON.stringify(expected)}\nbrowser ${JSON.stringify(given)}`);
    process.exit(1);
  }
  asked += 1;
  refused += 'Err' in expected.given ? 1 : 0;
}
if (asked < 10000) throw new Error(`only ${asked} questions`);
console.log(`the engine answers alike as WebAssembly and in the server: ${asked} questions, ${refused} of them refused`);
