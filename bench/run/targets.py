"""The targets, each with what was measured."""

from dataclasses import dataclass
from statistics import median

from peers import percentile
from rows import USUAL, login_row


def cpu(result):
    return result["cpu_us"]


def p99(result):
    return percentile(result, 99)


@dataclass
class Judged:
    """One target. `values`: what each round gave; empty: not measured."""
    what: str
    bound: float
    values: list
    unit: str = "×"
    at_least: bool = False

    @property
    def measured(self):
        if not self.values:
            return "not measured"
        low, high = min(self.values), max(self.values)
        middle = f"{median(self.values):.2f} {self.unit}"
        return middle if len(self.values) == 1 else f"{middle} ({low:.2f}-{high:.2f})"

    @property
    def target(self):
        return f"{'≥' if self.at_least else '≤'} {self.bound:.2f} {self.unit}"

    @property
    def verdict(self):
        if not self.values:
            return "not measured"
        value = median(self.values)
        short = self.bound / value - 1 if self.at_least and value > 0 else value / self.bound - 1
        return "met" if short <= 0 else f"short by {short * 100:.0f} %"


def _login(measured, extent):
    usual = login_row(USUAL)
    yield Judged("login over keep-alive, 64 in flight, CPU against floor", 1.40,
                 measured.ratios(usual, "ours", "floor", cpu))
    yield Judged("… against curl_multi", 0.50, measured.ratios(usual, "ours", "curl_multi", cpu))
    yield Judged("… against beast_loop", 0.85, measured.ratios(usual, "ours", "beast_loop", cpu))
    for concurrency in extent.concurrencies:
        if concurrency != USUAL:
            yield Judged(f"login, {concurrency} in flight, CPU against the same at 64",
                         1.5 if concurrency == 1 else 1.15,
                         measured.ratios(login_row(concurrency), "ours", "ours", cpu, usual))
    yield Judged("p99 at 64 in flight against beast_loop", 1.10,
                 measured.ratios(usual, "ours", "beast_loop", p99))


def _resumed_percent(result):
    return 100 * result["resumed"] / result["handshakes"]


def _connections(measured):
    yield Judged("new connection + login: handshakes resumed", 95,
                 measured.values("new-resumed", "ours", _resumed_percent), "%", at_least=True)
    yield Judged("new connection + login, resumed, CPU against floor", 1.25,
                 measured.ratios("new-resumed", "ours", "floor", cpu))
    yield Judged("new connection + login, full handshake, CPU against floor", 1.10,
                 measured.ratios("new-full", "ours", "floor", cpu))
    yield Judged("RSS per idle pooled connection", 36,
                 measured.values("idle", "ours", lambda one: one["bytes_used"] / 1024), "KiB")


def _pollers(measured, row, what):
    yield Judged(f"{what}, CPU per poll against floor", 1.30, measured.ratios(row, "ours", "floor", cpu))
    yield Judged("… memory per poller", 1.50,
                 measured.values(row, "ours", lambda one: one["bytes_per_poller"] / 1024), "KiB")
    yield Judged("… p99 lateness of the answer", 25, measured.values(row, "ours", lambda one: p99(one) / 1000), "ms")


def _others(measured, extent):
    yield from _pollers(measured, "pollers", f"{extent.pollers} pollers at 1/s, a timer each, over {extent.poll_connections} connections")
    yield from _pollers(measured, "waits", f"{extent.pollers} waits of the library every 2 s, over {extent.poll_connections} connections")
    yield Judged("heap allocations per login, without those within OpenSSL", 3,
                 measured.values("allocations", "ours", lambda one: one["allocations"]), "")
    yield Judged("a client shared by 2 threads, CPU against one client per thread", 1.30, [
        shared["cpu_us"] / own["cpu_us"]
        for shared, own in zip(measured.of("threads", "shared-client"), measured.of("threads", "client-per-thread"))])
    yield Judged("compile time of <fluxer/auth.hpp> against asio/awaitable.hpp and json/value.hpp", 1.60, [
        ours["seconds"] / least["seconds"] for ours, least in zip(measured.of("compile", "fluxer/auth.hpp"),
                                            measured.of("compile", "asio/awaitable.hpp and json/value.hpp"))])


def judge(measured, extent):
    return [*_login(measured, extent), *_connections(measured), *_others(measured, extent)]
