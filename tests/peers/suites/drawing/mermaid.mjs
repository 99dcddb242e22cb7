// What Mermaid's own parser finds in a drawing.

import { JSDOM } from 'jsdom';

const { window } = new JSDOM('<!DOCTYPE html><body></body>');
globalThis.window = window;
globalThis.document = window.document;
const { default: library } = await import('mermaid');
// The defaults of pages, but for sizes: the flows of the tests are drawn by a generator.
library.initialize({ startOnLoad: false, maxTextSize: 1e6, maxEdges: 10000 });

export async function mermaid({ mermaid: text }) {
    await library.parse(text);
    const { db } = await library.mermaidAPI.getDiagramFromText(text);
    const steps = [...db.getVertices().values()].map(({ id, text }) => [id, lines(text)]);
    const edges = db.getEdges().map(({ start, end, text }) => [start, end, text ? lines(text) : []]);
    const boxes = db.getSubGraphs().map(({ id, nodes }) => [id, nodes.filter((node) => /^n\d+$/.test(node)).sort()]);
    const unknown = [...db.getVertices().values()].flatMap(({ classes }) => classes).filter((name) => !db.getClasses().has(name));
    if (unknown.length) throw new Error(`no such class: ${unknown}`);
    return { steps: Object.fromEntries(steps), edges, boxes: Object.fromEntries(boxes) };
}

// Between parsing and drawing, Mermaid writes `#quot;` as `ﬂ°quot¶ß` and `#35;` as `ﬂ°°35¶ß`.
function lines(text) {
    const html = text.replace(/ﬂ°°/g, '&#').replace(/ﬂ°/g, '&').replace(/¶ß/g, ';');
    return html.split(/<br\s*\/?>/).map((line) => {
        const element = window.document.createElement('p');
        element.innerHTML = line;
        if (element.children.length) throw new Error(`a label has markup: ${html}`);
        // A blank without width keeps signs apart that would mean something together.
        return element.textContent.replaceAll('\ufeff', '');
    });
}
