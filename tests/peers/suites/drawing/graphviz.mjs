// What Graphviz draws of a drawing.

import { spawn } from 'node:child_process';
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('');
const parser = new window.DOMParser();

export async function graphviz({ dot }) {
    const page = parser.parseFromString(await svg(dot), 'image/svg+xml');
    const of = (kind) => [...page.querySelectorAll(`g.${kind}`)].map((group) => [group.querySelector('title').textContent, lines(group)]);
    const edges = of('edge').map(([title, lines]) => [...title.split('->'), lines]);
    // The page does not tell what stands in a box.
    return { steps: Object.fromEntries(of('node')), edges };
}

function lines(group) {
    return [...group.querySelectorAll('text')].map((text) => text.textContent.replace(/\u00a0/g, ' '));
}

// A warning fails as well.
function svg(dot) {
    return new Promise((done, fail) => {
        const process = spawn('dot', ['-Tsvg'], { timeout: 60_000 });
        const [out, err] = [[], []];
        process.stdout.on('data', (data) => out.push(data));
        process.stderr.on('data', (data) => err.push(data));
        process.on('error', fail);
        process.on('close', (status) => {
            const told = Buffer.concat(err).toString();
            if (status === 0 && told === '') done(Buffer.concat(out).toString());
            else fail(new Error(`dot ended with ${status}: ${told}`));
        });
        process.stdin.on('error', () => {});
        process.stdin.end(dot);
    });
}
