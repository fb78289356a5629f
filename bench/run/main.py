"""Runs the benchmark and writes its report. scripts/bench prepares the machine and calls this."""

import argparse
import sys
from pathlib import Path

import output
import report
import rows
import targets
from peers import Peers
from server import Server, find_nginx

SKIPPED = 77  # for ctest


def _arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument("--quick", action="store_const", dest="extent", const=rows.QUICK)
    extent.add_argument("--smoke", action="store_const", dest="extent", const=rows.SMOKE)
    parser.set_defaults(extent=rows.FULL)
    parser.add_argument("--no-pin", action="store_true", help="leave the choice of CPUs to the system")
    parser.add_argument("--only", action="append", metavar="ROW", help="e.g. logins; may be given again")
    return parser.parse_args()


def _chosen(only):
    named = {one.__name__.removeprefix("measure_"): one for one in rows.ALL}
    unknown = set(only or ()) - named.keys()
    if unknown:
        sys.exit(f"no such row: {', '.join(unknown)}; there are {', '.join(named)}")
    return [work for name, work in named.items() if not only or name in only]


def main():
    given = _arguments()
    if find_nginx() is None:
        print("skipped: nginx is not installed")
        return SKIPPED
    chosen = _chosen(given.only)
    measured = rows.Measured()
    with Server(given.out / "nginx", None if given.no_pin else 1) as server:
        peers = Peers(given.binaries, server, None if given.no_pin else 0)
        for work in chosen:
            print(f"measuring {work.__name__.removeprefix('measure_').replace('_', ' ')} …", flush=True)
            work(peers, given.extent, measured)
    judged = [one for one in targets.judge(measured, given.extent) if one.values or not given.only]
    output.print_all(measured, judged)
    print(f"\nreport: {report.write(given.out / 'report', measured, judged, given.extent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
