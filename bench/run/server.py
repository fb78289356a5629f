"""nginx with a static answer: the server that all peers talk to."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

CONFIGURATION = """
daemon off;
master_process on;
worker_processes 1;
worker_cpu_affinity {affinity};
worker_rlimit_nofile 16384;
pid {prefix}/nginx.pid;
error_log {prefix}/error.log error;
events {{
    worker_connections 8192;
    use epoll;
    accept_mutex off;
}}
http {{
    access_log off;
    client_body_temp_path {prefix}/body;
    proxy_temp_path {prefix}/proxy;
    fastcgi_temp_path {prefix}/fastcgi;
    uwsgi_temp_path {prefix}/uwsgi;
    scgi_temp_path {prefix}/scgi;
    keepalive_requests 1000000000;
    keepalive_timeout 3600s;
    tcp_nodelay on;
    default_type application/json;
    ssl_protocols TLSv1.3;
    ssl_certificate {prefix}/server.pem;
    ssl_certificate_key {prefix}/server.key;
    ssl_session_cache off;
    server {{
        listen 127.0.0.1:{tickets} ssl backlog=4096;
        ssl_session_tickets on;
        {answers}
    }}
    server {{
        listen 127.0.0.1:{no_tickets} ssl backlog=4096;
        ssl_session_tickets off;
        ssl_conf_command NumTickets 0;
        {answers}
    }}
}}
"""

# As long as the server's own tokens.
ANSWERS = """
        location = /v1/auth/login {
            return 200 '{"token":"flx_Zb4xH2mVq8Lr5TnYc7Kd9WsJg3PfAeUi0oMB","user_id":"1450912034502377472"}';
        }
        location = /v1/auth/handoff/ABCD-2345/status {
            return 200 '{"status":"pending"}';
        }
"""


def _quietly(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.strip()}")


def _make_certificates(prefix: Path):
    """An authority and the certificate for localhost that it signs, both ECDSA P-256."""
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    _quietly(["openssl", "req", "-x509", *curve, "-keyout", prefix / "ca.key", "-out", prefix / "ca.pem",
              "-days", "30", "-subj", "/CN=Authority of the benchmark"])
    _quietly(["openssl", "req", *curve, "-keyout", prefix / "server.key", "-out", prefix / "server.csr",
              "-subj", "/CN=localhost"])
    (prefix / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    _quietly(["openssl", "x509", "-req", "-in", prefix / "server.csr", "-CA", prefix / "ca.pem",
              "-CAkey", prefix / "ca.key", "-CAcreateserial", "-days", "30", "-extfile", prefix / "names",
              "-out", prefix / "server.pem"])


def _free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


def find_nginx():
    """The program's path, or None."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


class Server:
    """Runs while the context does; tickets_port resumes sessions, full_port does not."""

    def __init__(self, prefix: Path, cpu):
        self.prefix = prefix.resolve()
        self.ca_file = self.prefix / "ca.pem"
        self._cpu = cpu
        self._process = None

    def __enter__(self):
        self.prefix.mkdir(parents=True, exist_ok=True)
        _make_certificates(self.prefix)
        # Between the choice of a port and nginx's use of it, somebody else may take it.
        for _ in range(5):
            self.tickets_port, self.full_port = _free_ports(2)
            if self._start():
                return self
        raise RuntimeError("nginx does not start: " + (self.prefix / "error.log").read_text()[-2000:])

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait(timeout=10)

    def _start(self):
        affinity = "auto" if self._cpu is None else bin(1 << self._cpu)[2:]
        (self.prefix / "nginx.conf").write_text(CONFIGURATION.format(
            prefix=self.prefix, affinity=affinity, answers=ANSWERS, tickets=self.tickets_port,
            no_tickets=self.full_port))
        pin = [] if self._cpu is None else ["taskset", "-c", str(self._cpu)]
        # However this process ends, nginx ends too.
        with_us = ["setpriv", "--pdeathsig", "TERM"]
        with open(self.prefix / "error.log", "w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [*with_us, *pin, find_nginx(), "-p", str(self.prefix), "-c", str(self.prefix / "nginx.conf")],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, "LC_ALL": "C"})
        for _ in range(100):
            if self._process.poll() is not None:
                return False
            if _accepts(self.tickets_port) and _accepts(self.full_port):
                return True
            time.sleep(0.05)
        self.__exit__()
        return False
