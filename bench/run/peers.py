"""Runs the peers' programs, one at a time, and reads the line that each prints."""

import json
import re
import resource
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

    def s_time(self, reuse, seconds):
        """`openssl s_time`: connections one after the other, each with a GET, since a session of TLS 1.3 only comes
        with the first read. It tells its user time only, hence the look from outside."""
        port = self._server.tickets_port if reuse else self._server.full_port
        command = [*self._pin(None), "openssl", "s_time", "-connect", f"127.0.0.1:{port}", "-CAfile",
                   str(self._server.ca_file), "-verify", "2", "-reuse" if reuse else "-new", "-time", str(seconds),
                   "-www", "/v1/auth/login"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        count, wall = re.search(r"(\d+) connections in (\d+) real seconds", done.stdout).groups()
        return _with_derived({
            "peer": "s_time", "requests": int(count), "wall": int(wall),
            "cpu_user": after.ru_utime - before.ru_utime, "cpu_sys": after.ru_stime - before.ru_stime})

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
    """Of a result's latencies, in microseconds, at one of the percents that the meter takes; None without latencies."""
    return dict(result.get("latency_us", ())).get(percent)
