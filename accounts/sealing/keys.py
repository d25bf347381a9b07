"""The key that seals, and the public keys by which a seal is known."""

import hashlib
from collections.abc import Mapping
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from django.conf import settings

from accounts.exceptions import NoSealKey

Trusted: TypeAlias = Mapping[str, Ed25519PublicKey]


def sealing_key() -> Ed25519PrivateKey:
    """Return the Ed25519 key that follows from the setting's secret.

    Raises:
        NoSealKey: this process has no such secret, as all but the sealer's.
    """
    if not settings.SEAL_KEY:
        raise NoSealKey(
            "OCGMAP_SEAL_KEY is not set: only a process that has it can seal."
        )
    seed = hashlib.sha256(b"ocgmap.seal:" + settings.SEAL_KEY.encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def key_name(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    """Return the public key as 64 hexadecimal digits: by them a key is named."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes_raw().hex()


def trusted_keys() -> Trusted:
    """Return the keys whose seals count: those of the setting, and our own.

    Raises:
        NoSealKey: there is none, so no seal can be known, or one cannot be read.
    """
    try:
        found = [
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(name))
            for name in settings.SEAL_PUBLIC_KEYS
        ]
    except ValueError as error:
        raise NoSealKey(
            "OCGMAP_SEAL_PUBLIC_KEYS must be keys of 64 hexadecimal digits, as "
            "`manage.py seal --public-key` prints them."
        ) from error
    if settings.SEAL_KEY:
        found.append(sealing_key().public_key())
    if not found:
        raise NoSealKey(
            "Neither OCGMAP_SEAL_PUBLIC_KEYS nor OCGMAP_SEAL_KEY is set: no seal can "
            "be known."
        )
    return {key_name(key): key for key in found}
