"""Certificates for tests, made by the openssl command: of an authority, and of servers it vouches for."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def openssl(directory: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=directory, check=True, capture_output=True, timeout=60)


@dataclass(frozen=True)
class Authority:
    directory: Path

    @classmethod
    def made_in(cls, directory: Path) -> Authority:
        openssl(
            directory, "req", "-x509", *KEY, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Tests", "-days", "9"
        )
        return cls(directory)

    def server(self, name: str, days: int = 2) -> ssl.SSLContext:
        """What a server of that name shows, valid for so many days from now on; less than none is in the past."""
        openssl(self.directory, "req", *KEY, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=server")
        Path(self.directory, "names").write_text(f"subjectAltName={name}\n")
        openssl(
            self.directory, "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", str(days), "-extfile", "names", "-out", "server.pem",
        )  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.directory / "server.pem", self.directory / "server.key")
        return context

    def trusted(self) -> ssl.SSLContext:
        """The trust of a client that knows this authority."""
        return ssl.create_default_context(cafile=str(self.directory / "ca.pem"))
