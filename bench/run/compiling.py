"""How long a file takes to compile that includes a few headers and does nothing."""

import resource
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

COMPILED = {
    "fluxer/auth.hpp": ("fluxer/auth.hpp",),
    "asio/awaitable.hpp and json/value.hpp": ("boost/asio/awaitable.hpp", "boost/json/value.hpp"),
    "beast.hpp and ssl.hpp": ("boost/beast.hpp", "boost/beast/ssl.hpp"),
}


def compile_seconds(includes):
    """CPU seconds of the compiler alone: no cache, and nothing is linked."""
    source = "".join(f"#include <{name}>\n" for name in includes) + "int main() {}\n"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([shutil.which("g++") or "c++", "-std=c++20", "-O2", "-DBOOST_ASIO_NO_DEPRECATED",
                    "-I", str(ROOT / "include"), "-x", "c++", "-c", "-o", "/dev/null", "-"],
                   input=source, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
