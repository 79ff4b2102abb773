"""What the database alone must not tell: sealed with a key that lives outside it, found again by a keyed hash.

The key is ``settings.IDENTITY_KEY``. A copy of the database without it holds neither the words nor a way to try
guesses against the hashes; with another key nothing can be read, and whoever asks is told so.
"""

import hashlib
import hmac
import secrets
from functools import cache

from django.conf import settings

VERSION, NONCE = b"\x01", 12


class Unreadable(Exception):
    """Sealed with another key, or damaged."""


def seal(words: str) -> bytes:
    """The words under AES-256-GCM; sealed twice they look different each time."""
    nonce = secrets.token_bytes(NONCE)
    return VERSION + nonce + _cipher(settings.IDENTITY_KEY).encrypt(nonce, words.encode(), VERSION)


def unseal(data: bytes, *, key: str | None = None) -> str:
    """The words again; with ``key`` what was sealed with another key than today's.

    Raises:
        Unreadable: the key is another one, or the data is damaged.
    """
    from cryptography.exceptions import InvalidTag

    data = bytes(data)
    try:
        return _cipher(key or settings.IDENTITY_KEY).decrypt(data[1 : 1 + NONCE], data[1 + NONCE :], data[:1]).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error


def fingerprint(words: str) -> str:
    """64 characters that are the same for the same words, and tell nothing to whoever has no key."""
    return hmac.new(_key(settings.IDENTITY_KEY, b"find"), words.encode(), hashlib.sha256).hexdigest()


@cache
def _cipher(secret: str):
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # only those who write or read such words need it

    return AESGCM(_key(secret, b"seal"))


@cache
def _key(secret: str, use: bytes) -> bytes:
    return hmac.new(secret.encode(), b"linzhi " + use, hashlib.sha256).digest()
