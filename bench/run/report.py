"""The report: results.json with everything measured, and index.html for people."""

import datetime
import html
import json
import platform
import subprocess
from pathlib import Path

import charts
import output
from rows import login_row

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>fluxer-auth: what a login costs</title>
<style>
body {{ font: 15px/1.5 sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #222; }}
table {{ border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }}
th, td {{ text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #ddd; vertical-align: top; }}
.met {{ color: #1a7f37; }} .short {{ color: #b42318; }} .not {{ color: #777; }}
figure {{ margin: 1.5rem 0; }} svg {{ max-width: 100%; height: auto; }}
</style></head><body>
<h1>What a login costs the client</h1>
<p>{when}, {machine}, source {commit}. nginx on CPU 1 gives one fixed answer over TLS 1.3; each client runs on CPU 0.
The peers ran in turns, and every ratio is taken within one turn, so that other work on the machine counts for all of
them; given are the median and, in brackets, the least and the greatest. Absolute times are those of this machine while
it did what it did.</p>
<dl>
<dt><b>floor</b></dt><dd>OpenSSL on epoll by hand, the request's bytes made once: the practical limit.</dd>
<dt><b>beast_loop</b></dt><dd>A coroutine per <code>beast::ssl_stream</code> as in Beast's examples, Boost.JSON, no pool.
New connections are not resumed, as it comes.</dd>
<dt><b>curl_multi</b></dt><dd>libcurl's multi interface on epoll with its cache of connections, Boost.JSON.</dd>
<dt><b>ours</b></dt><dd>This library by its public API: typed request and result, pool, deadlines, retries, limits.</dd>
</dl>
<h2>Targets</h2>
{targets}
{figures}
<h2>Everything measured</h2>
{tables}
<p>All results, round by round: <a href="results.json">results.json</a>.</p>
</body></html>
"""


def _table(lines, classes=None):
    head, *rows = lines
    cells = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
    body = ""
    for row in rows:
        kind = f' class="{classes(row)}"' if classes else ""
        body += "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row[:-1])
        body += f"<td{kind}>{html.escape(row[-1])}</td></tr>\n"
    return f"<table><tr>{cells}</tr>\n{body}</table>"


def _figures(measured, extent):
    """(heading, explanation, drawing) of those charts whose rows were measured."""
    usual = 64 if 64 in extent.concurrencies else extent.concurrencies[-1]
    if measured.of(login_row(usual), "ours"):
        yield (f"How long a login takes, {usual} in flight",
               "All clients keep the same number of logins in flight, so that who is cheaper sends more of them.",
               lambda: charts.latency(measured, usual))
        yield ("Cost against concurrency", "Client CPU, user and system, per login over connections that stay.",
               lambda: charts.cost(measured, extent.concurrencies))
    if any(measured.of(row, "ours") and peer == "floor" for row, peer in measured.results):
        yield ("Against the floor", "Client CPU per request as a multiple of what floor needs for the same: 1 is the limit.",
               lambda: charts.against_floor(measured))


def _draw_figures(measured, extent):
    if not charts.available():
        return "<p>No charts: gnuplot is not installed.</p>"
    return "\n".join(
        f"<figure><h2>{html.escape(heading)}</h2><p>{html.escape(text)}</p>{draw()}</figure>"
        for heading, text, draw in _figures(measured, extent))


def _commit():
    here = Path(__file__).parent
    done = subprocess.run(["git", "-C", str(here), "describe", "--always", "--dirty"], capture_output=True, text=True,
                          check=False)
    return done.stdout.strip() or "unknown"


def _processor():
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def write(folder: Path, measured, judged, extent):
    """Returns the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    about = {"when": f"{datetime.datetime.now():%Y-%m-%d %H:%M}", "machine": _processor(), "commit": _commit()}
    (folder / "results.json").write_text(json.dumps({
        **about,
        "targets": [{"what": one.what, "target": one.target, "rounds": one.values, "verdict": one.verdict}
                    for one in judged],
        "rows": [{"row": row, "peer": peer, "rounds": rounds} for (row, peer), rounds in measured.results.items()],
    }, indent=1), encoding="utf-8")
    page = folder / "index.html"
    page.write_text(PAGE.format(
        **{name: html.escape(value) for name, value in about.items()},
        targets=_table(list(output.target_lines(judged)), lambda row: row[-1].split()[0]),
        figures=_draw_figures(measured, extent),
        tables="\n".join(_table(table) for table in output.tables(measured))), encoding="utf-8")
    return page
