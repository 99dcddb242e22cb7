// Reads drawings with Mermaid's own parser and with Graphviz, and compares what they find with what the flow tells: each step
// with its lines, each way with its label, each box with its steps. Each argument is a file of JSON, a drawing a line.

import { readFileSync } from 'node:fs';
import { mermaid } from './mermaid.mjs';
import { graphviz } from './graphviz.mjs';

const readers = { mermaid, graphviz };
const failures = [];
let count = 0;

for (const file of process.argv.slice(2)) {
    const drawings = readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
    if (drawings.length === 0) failures.push(`${file} has no drawing`);
    count += drawings.length;
    for (const [reader, read] of Object.entries(readers)) {
        for (const result of await inTurns(drawings, (drawing) => compare(reader, read, drawing))) {
            if (result) failures.push(result);
        }
    }
}

failures.slice(0, 20).forEach((failure) => console.error(failure));
console.log(`${count} drawings, ${failures.length} failures`);
process.exit(failures.length > 0 || count === 0 ? 1 : 0);

async function compare(reader, read, drawing) {
    try {
        const found = await read(drawing);
        for (const part of Object.keys(found)) {
            const [is, should] = [sorted(found[part]), sorted(drawing[part])];
            if (is !== should) return `${reader}: ${part} of ${drawing.flow}\n  reads ${is}\n  not   ${should}`;
        }
    } catch (error) {
        return `${reader}: ${drawing.flow}: ${error.message}`;
    }
}

// Both give their finds in an order of their own.
function sorted(found) {
    const flat = Array.isArray(found) ? found : Object.entries(found);
    return flat.map((one) => JSON.stringify(one)).sort().join('\n        ');
}

// Some at once: Graphviz is a process each.
async function inTurns(items, work) {
    const [results, left] = [[], [...items.entries()]];
    const worker = async () => {
        for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await work(next[1]);
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    return results;
}
