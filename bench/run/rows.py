"""What is measured: each row runs its peers in turns and keeps every result."""

from dataclasses import dataclass, field
from typing import Any

from compiling import COMPILED, compile_seconds


@dataclass(frozen=True)
class Extent:
    """How much of it."""
    pairs: int
    seconds: float
    warm_up: float
    concurrencies: tuple
    idle_connections: int
    pollers: int
    poll_seconds: float
    compile_runs: int


FULL = Extent(pairs=7, seconds=1, warm_up=0.3, concurrencies=(1, 64, 256, 1024), idle_connections=1000,
              pollers=10_000, poll_seconds=4, compile_runs=5)
QUICK = Extent(pairs=2, seconds=0.5, warm_up=0.2, concurrencies=(1, 64, 256, 1024), idle_connections=1000,
               pollers=10_000, poll_seconds=2, compile_runs=1)
SMOKE = Extent(pairs=1, seconds=0.05, warm_up=0.02, concurrencies=(1, 8), idle_connections=20, pollers=100,
               poll_seconds=0.05, compile_runs=0)

PEERS = ("floor", "beast_loop", "curl_multi", "ours")


@dataclass
class Measured:
    """All results: of (row, peer) one for each round."""
    results: dict = field(default_factory=dict)

    def add(self, row, peer, result: Any):
        self.results.setdefault((row, peer), []).append(result)

    def of(self, row, peer):
        return self.results.get((row, peer), [])

    def values(self, row, peer, what):
        return [what(one) for one in self.of(row, peer)]

    def ratios(self, row, peer, other, what, other_row=None):
        """What the one has over the other, round by round: they ran one after the other."""
        return [what(one) / what(two)
                for one, two in zip(self.of(row, peer), self.of(other_row or row, other))]


def login_row(concurrency):
    return f"login-{concurrency}"


def in_turns(rounds, work):
    """Does each piece once per round, every other round in reverse, so that no one is always first."""
    for number in range(rounds):
        for piece in work if number % 2 == 0 else reversed(work):
            piece()


def _run(peers, measured, row, name, mode, **options):
    return lambda: measured.add(row, name, peers.run(name, mode, **options))


def measure_logins(peers, extent, measured):
    names = [name for name in PEERS if peers.has(name)]
    in_turns(extent.pairs, [
        _run(peers, measured, login_row(concurrency), name, "keep-alive", in_flight=concurrency,
             seconds=extent.seconds, warm_up=extent.warm_up)
        for concurrency in extent.concurrencies for name in names])


def measure_new_connections(peers, extent, measured):
    names = [name for name in PEERS if peers.has(name)]
    for mode in ("new-resumed", "new-full"):
        in_turns(extent.pairs, [
            _run(peers, measured, mode, name, mode, in_flight=8, seconds=extent.seconds,
                 warm_up=extent.warm_up)
            for name in names])


def measure_idle(peers, extent, measured):
    names = [name for name in PEERS if peers.has(name)]
    in_turns(min(extent.pairs, 3), [
        _run(peers, measured, "idle", name, "idle", in_flight=extent.idle_connections) for name in names])


def measure_allocations(peers, extent, measured):
    for name in ("ours", "beast_loop"):
        measured.add("allocations", name, peers.run(f"{name}_counted", "keep-alive", seconds=extent.seconds))


def measure_pollers(peers, extent, measured):
    """Each poller by itself once a second, and the library's own loop at its shortest interval of two seconds."""
    def row(name, mode, floor_mode, interval):
        # All have looked once before the measuring.
        shared = {"in_flight": 64, "pollers": extent.pollers, "interval": interval, "seconds": extent.poll_seconds,
                  "warm_up": interval * 1.2}
        in_turns(min(extent.pairs, 3), [
            _run(peers, measured, name, "floor", floor_mode, **shared),
            _run(peers, measured, name, "ours", mode, **shared)])
    row("pollers", "poll", "poll", 1)
    row("waits", "wait", "poll", 2)


def measure_threads(peers, extent, measured):
    cpus = "0,1"
    in_turns(extent.pairs, [
        lambda mode=mode: measured.add("threads", mode, peers.run(
            "ours", mode, cpus=cpus, in_flight=64, seconds=extent.seconds, warm_up=extent.warm_up))
        for mode in ("shared-client", "client-per-thread")])


def measure_compile_time(peers, extent, measured):
    in_turns(extent.compile_runs, [
        lambda name=name, includes=includes: measured.add("compile", name, {"seconds": compile_seconds(includes)})
        for name, includes in COMPILED.items()])


def measure_s_time(peers, extent, measured):
    for row, reuse in (("new-resumed", True), ("new-full", False)):
        for _ in range(extent.pairs):
            measured.add(row, "openssl s_time", peers.s_time(reuse, max(1, round(extent.seconds))))


ALL = (measure_logins, measure_new_connections, measure_s_time, measure_idle, measure_pollers,
       measure_allocations, measure_threads, measure_compile_time)
