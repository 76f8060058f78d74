#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws what was measured as SVG. The same JSON gives the same bytes."""
import argparse
import io
import math
import pathlib
import re

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator  # noqa: E402

import targets  # noqa: E402

# Okabe and Ito's colours, to be told apart by everyone. Ours has the one that no other has, and the
# thickest line.
OURS, GREY, BLACK = "#D55E00", "#999999", "#000000"
COLOURS = {
    targets.OURS: OURS,
    "O_DIRECT + RWF_DSYNC, 4 KiB": BLACK,
    "LMDB": "#0072B2",
    "SQLite WAL, exclusive": "#009E73",
    "SQLite rollback": "#009E73",
    "LevelDB": "#CC79A7",
    "RocksDB": "#56B4E9",
    "RocksDB, recycled log": "#56B4E9",
    "RocksDB, recycled, pipelined": "#56B4E9",
    "write beside, fsync, rename, fsync": "#B79F00",
    "truncate, rewrite, fsync": "#B79F00",
}
DASHED = {"SQLite rollback", "RocksDB", "truncate, rewrite, fsync", "O_DIRECT + RWF_DSYNC, 4 KiB"}

plt.rcParams.update({
    "svg.hashsalt": "storemark", "svg.fonttype": "none", "font.family": "DejaVu Sans", "font.size": 10,
    "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": 11, "axes.titlelocation": "left",
    "axes.grid": True, "grid.color": "#E5E5E5", "axes.axisbelow": True, "figure.facecolor": "white",
})


MOST_POINTS = 60


def thinned(across, *values):
    """At most so many points of a curve, about as far apart as it is drawn: `across` is as it is drawn."""
    step = (across[-1] - across[0]) / (MOST_POINTS - 1)
    chosen, due = [], across[0]
    for i, x in enumerate(across):
        if x >= due or i == len(across) - 1:
            chosen.append(i)
            due = max(due + step, x)
    return [[each[i] for i in chosen] for each in values]


def compact(svg):
    """A path a line, without what Matplotlib remarks: for those who look at a change."""
    svg = re.sub(r'(?<= d=")[^"]*', lambda path: " ".join(path[0].split()), svg)
    return re.sub(r"\n\s+", "\n", re.sub(r"\s*<!--.*?-->", "", svg, flags=re.S))


def short(name):
    return {targets.OURS: "storemark"}.get(name, name)


def style(name):
    line = ":" if name.endswith("pipelined") else "--" if name in DASHED else "-"
    return {"color": COLOURS.get(name, GREY), "linestyle": line,
            "linewidth": 3 if name == targets.OURS else 1.5, "zorder": 5 if name == targets.OURS else 3}


def duration(ns, _=None):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if ns >= size:
            return f"{ns / size:g} {unit}"
    return f"{ns:g} ns"


def label_ends(axes, ends, gap):
    """Names at the right end of their lines, moved apart where they would touch: `ends` is (name, value) on a
    logarithmic axis, `gap` the least factor between two of them."""
    at = None
    for name, value in sorted(ends, key=lambda end: end[1]):
        at = value if at is None else max(value, at * gap)
        axes.annotate(short(name), xy=(1, value), xycoords=("axes fraction", "data"), xytext=(1.035, at),
                      textcoords=("axes fraction", "data"), va="center", color=style(name)["color"],
                      fontweight="bold" if name == targets.OURS else "normal",
                      arrowprops={"arrowstyle": "-", "color": style(name)["color"], "linewidth": 0.7,
                                  "shrinkA": 0, "shrinkB": 0, "relpos": (0, 0.5)}, annotation_clip=False)


def subtitle(results, subject):
    context = results[subject]["context"]
    place = f"{context['filesystem']} on {context['device']}" + (" (an image)" if "image" in context else "")
    return f"{place}, {context['cores']} cores, Linux {context['kernel']}"


def rows_of(results, subject, table=0):
    return {row["name"]: row for row in results[subject]["tables"][table]["rows"]}


def latency(results):
    """Quantile curves: the cumulative share along the bottom, stretched towards its end."""
    rows, parts = rows_of(results, "sequence"), results["sequence"]["quantiles"]
    last = 0.999
    shown = [(part, i) for i, part in enumerate(parts) if part <= last]
    figure, axes = plt.subplots(figsize=(9.5, 5.8))
    ends = []
    for name in COLOURS:
        if name not in rows:
            continue
        curve = rows[name]["quantiles"]
        across = [1 / (1 - part) for part, _ in shown]
        axes.plot(*thinned([math.log(x) for x in across], across, [curve[i] for _, i in shown]), **style(name))
        ends.append((name, curve[shown[-1][1]]))
    axes.set(xscale="log", yscale="log", xlim=(1, 1 / (1 - last)), xlabel="share of the writes that were as fast",
             title=f"One durable write, from one thread\n{subtitle(results, 'sequence')}")
    marks = [0, 0.5, 0.9, 0.99, 0.999]
    axes.xaxis.set_major_locator(FixedLocator([1 / (1 - mark) for mark in marks]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([f"{mark * 100:g} %" for mark in marks])
    axes.yaxis.set_major_formatter(FuncFormatter(duration))
    low, high = axes.get_ylim()
    label_ends(axes, ends, (high / low) ** 0.05)
    return figure


def updates(results):
    """Bars, one panel a count."""
    rows = [row for row in rows_of(results, "updates").values() if "transition" not in row["name"]][::-1]
    rows.sort(key=lambda row: (-row["numbers"]["flushes"] if row["numbers"]["flushes"] is not None else 0,
                               -(row["numbers"]["device_bytes"] or 0)))
    panels = [("flushes", "flushes of the device", "{:.3g}"), ("device_bytes", "bytes written to the device", "{:,.0f}"),
              ("system_calls", "system calls", "{:.3g}")]
    figure, all_axes = plt.subplots(1, 3, figsize=(11, 6), sharey=True)
    names = [short(row["name"]) for row in rows]
    for axes, (key, title, pattern) in zip(all_axes, panels):
        values = [row["numbers"][key] or 0 for row in rows]
        colours = [OURS if row["name"].startswith("storemark") else GREY for row in rows]
        axes.barh(names, values, color=colours, height=0.7)
        for y, value in enumerate(values):
            axes.text(value, y, " " + pattern.format(value), va="center", fontsize=9)
        axes.set(title=title, xlim=(0, max(values) * 1.25 or 1))
        axes.xaxis.set_visible(False)
        axes.grid(False)
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(axis="y", length=0)
    for label, row in zip(all_axes[0].get_yticklabels(), rows):
        label.set_fontweight("bold" if row["name"] == targets.OURS else "normal")
    figure.suptitle(f"What one durable update asks for\n{subtitle(results, 'updates')}", x=0.01, ha="left", fontsize=11)
    return figure


def writers(results):
    """Throughput over threads."""
    series = {}
    for row in rows_of(results, "writers").values():
        series.setdefault(row["name"].rsplit(" x ", 1)[0], []).append(row["numbers"])
    figure, axes = plt.subplots(figsize=(9.5, 5.8))
    ends = []
    for name, points in series.items():
        if name not in COLOURS:
            continue
        threads = [point["threads"] for point in points]
        axes.plot(threads, [point["per_second"] for point in points], marker="o", markersize=4, **style(name))
        if name == targets.OURS:
            axes.fill_between(threads, [point["per_second_p10"] for point in points],
                              [point["per_second_p90"] for point in points], color=OURS, alpha=0.15, linewidth=0)
        ends.append((name, points[-1]["per_second"]))
    axes.set(xscale="log", yscale="log", xlabel="threads, each waiting for its own number", xlim=(1, max(threads)),
             ylabel="durable increments per second",
             title=f"Many writers (band: 10th to 90th percentile of the rounds)\n{subtitle(results, 'writers')}")
    axes.xaxis.set_major_locator(FixedLocator(threads))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([f"{count:g}" for count in threads])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    low, high = axes.get_ylim()
    label_ends(axes, ends, (high / low) ** 0.05)
    return figure


def growth(results):
    """Small panels, all from zero: what is flat looks flat."""
    panels = [("median_ns", "median latency", 1, ""), ("file_bytes", "size of the file, KiB", 1024, ""),
              ("resident_bytes", "memory of the process, MiB", 1 << 20, "")]
    rows = list(rows_of(results, "growth").values())
    figure, all_axes = plt.subplots(len(rows), 3, figsize=(10.5, 4.8), squeeze=False)
    for line, row in zip(all_axes, rows):
        at = row["series"]["at"]
        for axes, (key, title, unit, _) in zip(line, panels):
            axes.plot(*thinned(at, at, [value / unit for value in row["series"][key]]), color=OURS, linewidth=1.5)
            axes.set(ylim=0, xlim=(0, at[-1]), title=f"{row['name']}: {title}" if key == "median_ns" else title)
            axes.xaxis.set_major_locator(FixedLocator([0, at[-1] / 2, at[-1]]))
            axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
            for label, side in zip(axes.get_xticklabels(), ("left", "center", "right")):
                label.set_ha(side)
            if key == "median_ns":
                axes.yaxis.set_major_formatter(FuncFormatter(duration))
    figure.suptitle(f"Nothing grows\n{subtitle(results, 'growth')}", x=0.01, ha="left", fontsize=11)
    return figure


def ranges(results, subject, tables, keys, title):
    """A line from the first to the last of `keys` for each row, a dot at the first; a panel a table."""
    figure, all_axes = plt.subplots(1, len(tables), figsize=(11, 4.6), sharey=True, sharex=True)
    for axes, table in zip(all_axes, tables):
        rows = [row for row in results[subject]["tables"][table]["rows"] if "(twin)" not in row["name"]][::-1]
        for y, row in enumerate(rows):
            values = [row["numbers"][key] for key in keys]
            colour = OURS if row["name"].startswith("storemark") else GREY
            axes.plot([values[0], values[-1]], [y, y], color=colour, linewidth=2)
            axes.plot(values[0], y, "o", color=colour, markersize=7)
            axes.plot(values[-1], y, "|", color=colour, markersize=10)
            axes.text(values[0], y + 0.18, duration(float(f"{values[0]:.3g}")), ha="center", va="bottom", fontsize=8)
        axes.set(xscale="log", title=results[subject]["tables"][table]["name"], ylim=(-0.6, len(rows) - 0.2))
        axes.set_yticks(range(len(rows)), [short(row["name"]) for row in rows])
        axes.xaxis.set_major_formatter(FuncFormatter(duration))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.tick_params(axis="y", length=0)
    figure.suptitle(f"{title}\n{subtitle(results, subject)}", x=0.01, ha="left", fontsize=11)
    return figure


def paced(results):
    return ranges(results, "paced", [1, 2], ["median_ns", "p90_ns"],
                  "Durable writes while another process dirties the filesystem (dot: median; to the 90th percentile)")


def opening(results):
    return ranges(results, "open", [0, 1], ["median_ns", "p99_ns"],
                  "Open after a restart, and read (dot: median; to the 99th percentile)")


PICTURES = {"latency": ("sequence", latency), "updates": ("updates", updates), "writers": ("writers", writers),
            "growth": ("growth", growth), "paced": ("paced", paced), "open": ("open", opening)}


def draw(directory, out):
    results = targets.load(directory)
    for picture, (subject, function) in PICTURES.items():
        if subject not in results:
            continue
        figure = function(results)
        figure.tight_layout()
        path = out / f"{picture}-{directory.name}.svg"
        svg = io.StringIO()
        figure.savefig(svg, bbox_inches="tight", metadata={"Date": None, "Creator": None})
        path.write_text(compact(svg.getvalue()), encoding="utf-8")
        plt.close(figure)
        print(path)


def main():
    parser = argparse.ArgumentParser(prog="./dev bench --plot", description=__doc__)
    parser.add_argument("json", nargs="*", type=pathlib.Path, help="directories of JSON (default: bench/results/*)")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("docs/benchmarks"),
                        help="default: docs/benchmarks")
    args = parser.parse_args()
    here = pathlib.Path(__file__).resolve().parent
    chosen = args.json or sorted(path for path in (here / "results").iterdir() if path.is_dir())
    args.out.mkdir(parents=True, exist_ok=True)
    for directory in chosen:
        draw(directory, args.out)


if __name__ == "__main__":
    main()
