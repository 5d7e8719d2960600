"""A node that wants to know who asks: TLS with a certificate of its own, and users from a file."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import ssl
import subprocess
from pathlib import Path

from tests.elasticsearch.distribution import java_home
from tests.elasticsearch.node import START_SECONDS, Node
from tests.servers import wait_until_answering

ADMINISTRATOR, ADMINISTRATOR_PASSWORD = "administrator", "the administrator's secret"
GUEST, GUEST_PASSWORD = "guest", "the guest's secret"
"""A user that Elasticsearch knows and does not let near any index."""

STORE_PASSWORD = "store secret"
SETTINGS = {
    "xpack.security.enabled": True,
    "xpack.security.http.ssl.enabled": True,
    "xpack.security.http.ssl.keystore.path": "node.p12",
    "xpack.security.http.ssl.keystore.password": STORE_PASSWORD,
}
ROUNDS = 10_000


class SecuredNode(Node):
    """A node with security.

    Args:
        folder: an empty folder; its certificate is in `node.pem` there, and that of nobody in `other.pem`.
        home: Elasticsearch's own files.
    """

    def __init__(self, folder: Path, home: Path) -> None:
        super().__init__(folder, SETTINGS)
        config = folder / "config"
        shutil.copytree(home / "config", config)
        make_certificate(config / "node.p12", folder / "node.pem")
        make_certificate(folder / "other.p12", folder / "other.pem")
        users = {ADMINISTRATOR: ADMINISTRATOR_PASSWORD, GUEST: GUEST_PASSWORD}
        (config / "users").write_text("".join(f"{name}:{hashed(password)}\n" for name, password in users.items()))
        (config / "users_roles").write_text(f"superuser:{ADMINISTRATOR}\nnothing:{GUEST}\n")
        (config / "roles.yml").write_text("nothing:\n  cluster: [monitor]\n")

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def wait(self) -> None:
        """Wait until it knows its users."""
        context = ssl.create_default_context(cafile=self.folder / "node.pem")
        wait_until_answering(self.url, START_SECONDS, self._ended, context)


def make_certificate(store: Path, certificate: Path) -> None:
    """Make a key with a certificate that nobody else has signed."""
    keytool = [
        str(java_home() / "bin" / "keytool"),
        "-keystore",
        str(store),
        "-storepass",
        STORE_PASSWORD,
        "-alias",
        "node",
    ]
    made = ["-genkeypair", "-keyalg", "EC", "-dname", "CN=node", "-ext", "san=ip:127.0.0.1", "-storetype", "PKCS12"]
    for command in (made, ["-exportcert", "-rfc", "-file", str(certificate)]):
        subprocess.run([*keytool, *command], check=True, capture_output=True)


def hashed(password: str) -> str:
    """Return a password as Elasticsearch's file of users has it."""
    salt = os.urandom(32)
    derived = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS, 32)
    return "$".join(("{PBKDF2}" + str(ROUNDS), base64.b64encode(salt).decode(), base64.b64encode(derived).decode()))
