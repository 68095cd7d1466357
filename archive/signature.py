"""Bags signed by who made them: Ed25519 in the form of minisign, so that anyone can check one without Fresque.

    minisign -Vm tagmanifest-sha256.txt -P KEY

The tag manifest names the digests of every tag file, and so of the manifest of the payload: one signature covers all.
The secret key is a file of its own (PKCS #8, PEM), readable by its owner alone; nothing of it is kept in the archive.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive.bag import TAG_MANIFEST
from archive.errors import ArchiveError, DamagedBag, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FILE = f"{TAG_MANIFEST}.minisig"
_KIND, _HASHED = b"Ed", b"ED"
_NO_SIGNATURE = "ask the lab that made it for a signed one ('fresque backup --key FILE')"


@dataclass(frozen=True)
class Key:
    """A public key. ``text`` is what people exchange: minisign's line of 56 characters."""

    text: str

    @property
    def id(self) -> bytes:
        return self._parts()[0]

    def public(self) -> Ed25519PublicKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        return Ed25519PublicKey.from_public_bytes(self._parts()[1])

    def _parts(self) -> tuple[bytes, bytes]:
        try:
            data = base64.b64decode(self.text, validate=True)
        except (binascii.Error, ValueError):
            data = b""
        if len(data) != 42 or data[:2] != _KIND:
            raise UsageError(f"'{self.text[:60]}' is no public key", "the line that 'fresque signer key FILE' prints")
        return data[2:10], data[10:]


def make_key(file: Path) -> Key:
    """A new secret key in a file that is not there yet. Raises ArchiveError."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    made = Ed25519PrivateKey.generate()
    data = made.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(data)
    except OSError as error:
        raise ArchiveError(f"{file}: {error.strerror}", "name a file that is not there yet") from error
    return public_of(made)


def secret_key(file: Path) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        found = form.load_pem_private_key(file.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"{file} is no secret key: {error}", "'fresque signer key FILE' makes one") from error
    if not isinstance(found, Ed25519PrivateKey):
        raise UsageError(f"{file} is a key of another kind", "'fresque signer key FILE' makes one")
    return found


def public_of(secret: Ed25519PrivateKey) -> Key:
    raw = secret.public_key().public_bytes_raw()
    return Key(base64.b64encode(_KIND + hashlib.sha256(raw).digest()[:8] + raw).decode())


def sign(bag: Path, secret: Ed25519PrivateKey, comment: str) -> bytes:
    """What ``FILE`` of a bag holds. ``comment`` is covered by it too."""
    signature = secret.sign(_digest(bag))
    whole = secret.sign(signature + comment.encode())
    head = base64.b64encode(_HASHED + public_of(secret).id + signature).decode()
    lines = (
        "untrusted comment: a bag of Fresque",
        head,
        f"trusted comment: {comment}",
        base64.b64encode(whole).decode(),
    )
    return "".join(f"{line}\n" for line in lines).encode()


def signer(bag: Path, keys: list[Key]) -> tuple[Key, str] | None:
    """The key among ``keys`` that has signed a bag, and the comment; None when it is signed by none. The bag must be
    validated besides, for the signature covers its manifests.

    Raises DamagedBag when one of them should have, and has not.
    """
    try:
        lines = (bag / FILE).read_text(encoding="utf-8").splitlines()
        signed, whole = base64.b64decode(lines[1], validate=True), base64.b64decode(lines[3], validate=True)
        comment = lines[2].removeprefix("trusted comment: ")
    except (OSError, IndexError, ValueError):
        return None
    for key in keys:
        if signed[:2] == _HASHED and signed[2:10] == key.id:
            _check(key, bag, signed[10:], whole, comment)
            return key, comment
    return None


def _check(key: Key, bag: Path, signature: bytes, whole: bytes, comment: str) -> None:
    from cryptography.exceptions import InvalidSignature

    try:
        key.public().verify(signature, _digest(bag))
        key.public().verify(whole, signature + comment.encode())
    except InvalidSignature as error:
        raise DamagedBag(f"{bag} is not what was signed", _NO_SIGNATURE) from error


def _digest(bag: Path) -> bytes:
    return hashlib.blake2b((bag / TAG_MANIFEST).read_bytes()).digest()
