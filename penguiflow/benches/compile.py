#!/usr/bin/env python3
"""Prints what flows cost at compile time, and what their frames cost without optimisation.

Generates scratch packages that depend on this penguiflow by path, in a temporary directory, and builds each with and
without its flow; the difference is the flow's. Seconds are those of the processor, all threads together: an upper limit
of what a user waits, and the same on a busy machine. Each build is repeated, in turns, and the fastest counts. Needs
nothing but cargo and Unix. Takes some minutes; `--quick` builds everything once.
"""

import os
import pathlib
import resource
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROUNDS = 1 if "--quick" in sys.argv else 3
STACK_KIB_MAX = 8192

MANIFEST = """[package]
name = "scratch"
version = "0.0.0"
edition = "2024"
[workspace]
[features]
nodes = []
flow = ["nodes"]
[dependencies]
penguiflow = {{ path = {path!r} }}
tokio = {{ version = "1", default-features = false, features = ["rt", "time"] }}
"""

HEAD = """#![allow(dead_code)]
use penguiflow::prelude::*;
"""


def chain(nodes):
    """The nodes n0, n1, … in a row."""
    return " -> ".join(f"n{i}" for i in range(nodes))


def distinct(nodes):
    """A chain in which every edge has a type of its own."""
    text = [HEAD]
    for i in range(nodes + 1):
        text.append(f"#[message] pub struct M{i} {{ a: u64, b: String }}")
    for i in range(nodes):
        body = f"M{i + 1} {{ a: m.a.wrapping_mul(3), b: m.b }}"
        text.append(f'#[cfg_attr(feature = "nodes", node)] pub async fn n{i}(m: M{i}) -> M{i + 1} {{ {body} }}')
    text.append(f'#[cfg(feature = "flow")] flow! {{ pub chain(M0) -> M{nodes} {{ {chain(nodes)} }} }}')
    text.append("""
fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        #[cfg(feature = "flow")]
        println!("{}", chain::flow().start().expect("starts").call(M0 { a: 1, b: String::new() }).await.is_ok());
    });
}""")
    return "\n".join(text)


def wide(nodes, size):
    """A chain over one wide message, run on a thread whose stack has as many KiB as the first argument says."""
    text = [HEAD, f"type Wide = [u8; {size}];"]
    for i in range(nodes):
        text.append(f"#[node] pub async fn n{i}(mut m: Wide) -> Wide {{ m[0] = m[0].wrapping_add(1); m }}")
    text.append(f"flow! {{ pub chain(Wide) -> Wide {{ {chain(nodes)} }} }}")
    text.append(f"""
fn main() {{
    let stack = std::env::args().nth(1).and_then(|kib| kib.parse::<usize>().ok()).expect("KiB");
    let run = || {{
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(async {{ chain::flow().start().expect("starts").call([0; {size}]).await.is_ok() }})
    }};
    let thread = std::thread::Builder::new().stack_size(stack * 1024).spawn(run).expect("a thread");
    assert!(thread.join().expect("it ran"));
}}""")
    return "\n".join(text)


def package(folder, name, main):
    path = folder / name
    (path / "src").mkdir(parents=True)
    (path / "Cargo.toml").write_text(MANIFEST.format(path=str(ROOT / "penguiflow")))
    (path / "Cargo.lock").write_text((ROOT / "Cargo.lock").read_text())
    (path / "src/main.rs").write_text(main)
    return path


def cargo(path, *words):
    target = path.parent / "target"
    command = ["cargo", *words, "--quiet", "--offline", "--target-dir", str(target)]
    # Incremental builds would find that nothing has changed.
    subprocess.run(command, cwd=path, check=True, env={**os.environ, "CARGO_INCREMENTAL": "0"})
    return target


def seconds(path, *words):
    """The processor time to build this package alone, what it depends on being there."""
    (path / "src/main.rs").touch()
    start = children()
    cargo(path, *words)
    return children() - start


def children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def added(path, *words):
    """Seconds that the flow adds, and those that nodes and flow add to plain functions."""
    levels = {"plain": [], "nodes": ["--features", "nodes"], "flow": ["--features", "flow"]}
    best = {}
    for level in levels:
        cargo(path, *words, *levels[level])
    for _ in range(ROUNDS):
        for level, flags in levels.items():
            best[level] = min(best.get(level, float("inf")), seconds(path, *words, *flags))
    return best["flow"] - best["nodes"], best["flow"] - best["plain"]


def stack_kib(path):
    """The smallest stack, in steps of 16 KiB, on which the flow runs in a debug build."""
    program = cargo(path, "build") / "debug/scratch"
    low, high = 0, STACK_KIB_MAX // 16
    while high - low > 1:
        middle = (low + high) // 2
        ran = subprocess.run([program, str(middle * 16)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        low, high = (low, middle) if ran.returncode == 0 else (middle, high)
    return high * 16


def crates():
    words = ["cargo", "tree", "--locked", "-p", "penguiflow", "-e", "normal,build", "--prefix", "none", "--format", "{p}"]
    tree = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return len({tuple(line.split()[:2]) for line in tree.splitlines() if line})


def row(name, unit, value, target=None, worst=None):
    show = lambda value: "" if value is None else f"{round(value, 1 if unit == 's' else 0):g} {unit}".strip()
    limit = lambda value: "" if value is None else f"≤ {show(value)}"
    verdict = "" if target is None else "met" if value <= target else "acceptable" if value <= worst else "MISSED"
    return [name, limit(target), limit(worst), show(value), verdict]


def table(rows):
    rows = [["figure", "target", "worst acceptable", "measured", "verdict"], *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    words = lambda column: column in (0, 4)
    cell = lambda text, column: text.ljust(widths[column]) if words(column) else text.rjust(widths[column])
    lines = ["| " + " | ".join(cell(text, column) for column, text in enumerate(row)) + " |" for row in rows]
    rule = ["-" * width if words(column) else "-" * (width - 1) + ":" for column, width in enumerate(widths)]
    lines.insert(1, "| " + " | ".join(rule) + " |")
    return "\n".join(lines)


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        fifty, two_hundred = package(folder, "fifty", distinct(50)), package(folder, "two_hundred", distinct(200))
        release_50, release_200 = added(fifty, "build", "--release"), added(two_hundred, "build", "--release")
        check_50 = added(fifty, "check")
        stack = stack_kib(package(folder, "wide", wide(200, 256)))
    print(table([
        row("release build added by a flow of 50 nodes, distinct types", "s", release_50[0], 1, 3),
        row("release build added by a flow of 200 nodes, distinct types", "s", release_200[0], 3, 12),
        row("release build added by 50 nodes and their flow, to plain functions", "s", release_50[1]),
        row("release build added by 200 nodes and their flow, to plain functions", "s", release_200[1]),
        row("cargo check added by a flow of 50 nodes", "s", check_50[0], 1, 2.5),
        row("cargo check added by 50 nodes and their flow, to plain functions", "s", check_50[1]),
        row("debug stack of a flow of 200 nodes, 256-byte messages", "KiB", stack, 256, 512),
        row("crates of the default features", "", crates(), 55, 65),
    ]))


if __name__ == "__main__":
    main()
