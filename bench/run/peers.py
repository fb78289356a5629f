"""Runs the peers' programs, one at a time, and reads the line that each prints."""

import json
import subprocess
from pathlib import Path


class Peers:
    """The programs of one build, on one CPU, against one server."""

    def __init__(self, binaries: Path, server, cpu):
        self._binaries = binaries
        self._server = server
        self._cpu = cpu

    def has(self, name):
        return (self._binaries / f"bench_{name}").exists()

    def run(self, name, mode, cpus=None, **options):
        """One run. Options are those of the command line, with underscores."""
        server = self._server
        # Where sessions are not to be resumed the server gives none out, so that nobody has to be kept from it.
        port = server.full_port if mode == "new-full" else server.tickets_port
        command = [*self._pin(cpus), str(self._binaries / f"bench_{name}"), "--port", str(port),
                   "--ca", str(server.ca_file), "--mode", mode]
        for option, value in options.items():
            command += ["--" + option.replace("_", "-"), str(value)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}\n{done.stderr.strip()}")
        return _with_derived(json.loads(done.stdout))

    def _pin(self, cpus):
        if self._cpu is None:
            return []
        return ["taskset", "-c", cpus or str(self._cpu)]


def _with_derived(result):
    if "requests" in result:
        result["cpu_us"] = (result["cpu_user"] + result["cpu_sys"]) / result["requests"] * 1e6
        result["per_second"] = result["requests"] / result["wall"]
    return result


def percentile(result, percent):
    """Of a result's latencies, in microseconds; one of those that the meter takes."""
    return dict(result["latency_us"])[percent]
