"""A tiny identity provider on the loopback: real HTTP, real signed tokens."""

import base64
import hashlib
import json
import threading
import time
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "ocgmap-test", "a-secret-of-the-test"


class IdentityProvider:
    """Vouches for `person`; `token` and `key` may be spoilt to see what is refused."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
        self.published = self.key
        self.person: dict[str, Any] = {"sub": "1", "email_verified": True}
        self.token: dict[str, Any] = {}
        self.challenges: dict[str, str] = {}
        self.asked: dict[str, str] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(provider.get(urlsplit(self.path).path, self.headers))

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                sent = parse_qs(self.rfile.read(length).decode())
                self.answer(provider.redeem({k: v[0] for k, v in sent.items()}))

            def answer(self, body: dict[str, Any] | None) -> None:
                text = json.dumps(body or {"error": "invalid_grant"}).encode()
                self.send_response(200 if body else 400)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def get(self, path: str, headers: Any) -> dict[str, Any] | None:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/keys":
            key = jwt.algorithms.RSAAlgorithm.to_jwk(self.published.public_key(), True)
            return {"keys": [{**key, "kid": "one", "alg": "RS256", "use": "sig"}]}
        if path == "/userinfo" and headers["Authorization"] == "Bearer access":
            return self.person
        return None

    def authorize(self, address: str) -> dict[str, str]:
        """Return what the browser brings back, having been sent to ``address``."""
        assert address.startswith(f"{self.url}/authorize?"), address
        self.asked = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
        code = uuid.uuid4().hex
        self.challenges[code] = self.asked["code_challenge"]
        return {"code": code, "state": self.asked["state"]}

    def redeem(self, sent: dict[str, str]) -> dict[str, Any] | None:
        """Return the tokens for a code, once, to who holds its verifier and secret."""
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        known = self.challenges.pop(sent.get("code", ""), None)
        if known != proof or sent.get("client_secret") != SECRET:
            return None
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "jti": uuid.uuid4().hex,
            **self.person,
            **self.token,
        }
        token = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"})
        return {"access_token": "access", "token_type": "Bearer", "id_token": token}


@pytest.fixture
def provider(settings: Any) -> Iterator[IdentityProvider]:
    """Run a provider, and name it in the settings."""
    running = IdentityProvider()
    settings.OIDC_URL, settings.OIDC_NAME = running.url, "Test force"
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            **settings.SOCIALACCOUNT_PROVIDERS["openid_connect"],
            "APPS": [
                {
                    **app,
                    "client_id": CLIENT,
                    "secret": SECRET,
                    "settings": {**app["settings"], "server_url": running.url},
                }
            ],
        }
    }
    yield running
    running.server.shutdown()
    running.server.server_close()
