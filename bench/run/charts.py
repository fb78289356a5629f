"""The report's charts, drawn by gnuplot as SVG."""

import math
import shutil
import subprocess
from statistics import median

from rows import PEERS, login_row

COLOURS = {"floor": "#7a7a7a", "beast_loop": "#d08400", "curl_multi": "#3f7f3f", "ours": "#0a58ca"}
STYLE = """
set terminal svg size 860,{height} font "sans-serif,13" background "#ffffff"
set grid lc rgb "#dddddd"
set border 3 lc rgb "#666666"
set tics nomirror
set key outside top center horizontal
"""


def available():
    return shutil.which("gnuplot") is not None


def _draw(commands, height=420):
    done = subprocess.run(["gnuplot", "-"], input=STYLE.format(height=height) + commands, capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError("gnuplot: " + done.stderr.strip())
    # Only the element itself: it goes into a page.
    return done.stdout[done.stdout.index("<svg"):]


def _block(number, points):
    lines = "\n".join(" ".join(str(value) for value in point) for point in points)
    return f"$d{number} << end\n{lines}\nend\n"


def _lines(series, setup):
    """One line with points for each of (peer, points)."""
    data = "".join(_block(number, points) for number, (_, points) in enumerate(series))
    plots = ", ".join(
        f'$d{number} using 1:2 with linespoints lw 2 pt 7 ps 0.5 lc rgb "{COLOURS[peer]}" title "{peer}" noenhanced'
        for number, (peer, _) in enumerate(series))
    return _draw(f"{data}{setup}\nplot {plots}\n")


def _measured_peers(measured, row):
    return [peer for peer in PEERS if measured.of(row, peer)]


def latency(measured, concurrency):
    """Percentiles to the right, each tick a tenth of the one before in what is left above it."""
    row = login_row(concurrency)

    def points(peer):
        rounds = measured.of(row, peer)
        for index, (percent, _) in enumerate(rounds[0]["latency_us"]):
            if percent <= 99.99:
                yield (-math.log10(1 - percent / 100),
                       median(one["latency_us"][index][1] for one in rounds) / 1000)

    ticks = ", ".join(f'"{percent} %" {-math.log10(1 - percent / 100)}' for percent in (0, 50, 90, 99, 99.9, 99.99))
    return _lines([(peer, list(points(peer))) for peer in _measured_peers(measured, row)],
                  f'set xtics ({ticks})\nset xlabel "of all logins"\nset ylabel "took no longer than, ms"\n'
                  "set yrange [0:*]")


def cost(measured, concurrencies):
    series = []
    for peer in _measured_peers(measured, login_row(concurrencies[0])):
        series.append((peer, [
            (count, median(one["cpu_us"] for one in measured.of(login_row(count), peer)))
            for count in concurrencies]))
    ticks = ", ".join(str(count) for count in concurrencies)
    return _lines(series, f'set logscale x 2\nset xtics ({ticks})\nset xlabel "logins in flight"\n'
                          'set ylabel "CPU per login, µs"\nset yrange [0:*]')


def against_floor(measured):
    """Groups of bars: what each peer costs over the floor, row by row."""
    rows = [row for row, peer in measured.results if peer == "floor" and measured.ratios(row, "ours", "floor", len)]
    rows = [row for row in rows if row != "idle"]
    peers = [peer for peer in PEERS if peer != "floor"]
    lines = []
    for row in rows:
        ratios = [measured.ratios(row, peer, "floor", lambda one: one["cpu_us"]) for peer in peers]
        lines.append([row, *(median(values) if values else "NaN" for values in ratios)])
    plots = ", ".join(
        f'$d0 using {number + 2}:xtic(1) title "{peer}" noenhanced lc rgb "{COLOURS[peer]}"'
        for number, peer in enumerate(peers))
    return _draw(_block(0, lines) + 'set style data histogram\nset style histogram clustered gap 1\n'
                 'set style fill solid 0.9\nset yrange [0:*]\nset ylabel "CPU, as a multiple of floor\'s"\n'
                 'set arrow from graph 0, first 1 to graph 1, first 1 nohead lc rgb "#7a7a7a" lw 2\n'
                 f"set xtics rotate by -20\nplot {plots}\n", height=460)
