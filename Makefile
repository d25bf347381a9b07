# Aliases only: `python3 manage.py demo` and `python3 manage.py test` need no make.
.PHONY: demo test bench lock

demo:
	python3 manage.py demo

test:
	python3 manage.py test

bench:
	python3 manage.py bench

# Hashes only, no addresses: one lock for every Python from 3.11 on.
COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

lock:
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) --group node -o requirements-node.lock
	npm install --package-lock-only
