"""The tables that are printed."""

from statistics import median

from peers import percentile


def _middle(results, what, digits):
    values = [what(one) for one in results]
    return "–" if None in values else f"{median(values):.{digits}f}"


def _row_lines(measured):
    yield ("row", "peer", "CPU µs/request", "against floor", "requests/s", "p50 µs", "p99 µs", "p99.9 µs")
    for (row, peer), results in measured.results.items():
        if row in ("compile", "allocations") or "cpu_us" not in results[0]:
            continue
        ratios = measured.ratios(row, peer, "floor", lambda one: one["cpu_us"])
        against = f"{median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})" if ratios else "–"
        yield (row, peer, _middle(results, lambda one: one["cpu_us"], 1), against,
               _middle(results, lambda one: one["per_second"], 0),
               *(_middle(results, lambda one, percent=percent: percentile(one, percent), 0)
                 for percent in (50, 99, 99.9)))


def _memory_lines(measured):
    yield ("idle connection", "KiB connected", "KiB after a login")
    for (row, peer), results in measured.results.items():
        if row == "idle":
            yield (peer, *(f"{median(one[name] for one in results) / 1024:.1f}"
                           for name in ("bytes_connected", "bytes_used")))


def _allocation_lines(measured):
    yield ("heap allocations per login", "own", "within OpenSSL")
    for (row, peer), results in measured.results.items():
        if row == "allocations":
            yield (peer, f"{results[0]['allocations']:.2f}", f"{results[0]['allocations_of_openssl']:.2f}")


def _poller_lines(measured):
    yield ("memory per poller", "KiB")
    for (row, peer), results in measured.results.items():
        if "bytes_per_poller" in results[0]:
            yield (f"{row}, {peer}", _middle(results, lambda one: one["bytes_per_poller"] / 1024, 2))


def _compile_lines(measured):
    yield ("seconds to compile", "median")
    for (row, peer), results in measured.results.items():
        if row == "compile":
            yield (peer, _middle(results, lambda one: one["seconds"], 2))


def target_lines(judged):
    yield ("target", "wanted", "measured: median (min-max)", "verdict")
    for one in judged:
        yield (one.what, one.target, one.measured, one.verdict)


def tables(measured):
    """Every table but that of the targets; without rows it is left out."""
    for lines in (_row_lines(measured), _memory_lines(measured), _poller_lines(measured),
                  _allocation_lines(measured), _compile_lines(measured)):
        table = list(lines)
        if len(table) > 1:
            yield table


def _print(table):
    widths = [max(len(cell) for cell in column) for column in zip(*table)]
    print()
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def print_all(measured, judged):
    for table in tables(measured):
        _print(table)
    _print(list(target_lines(judged)))
