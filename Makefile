# Needs only python3 (3.11 or newer) and make; uv is fetched where it is missing.
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
RUN := $(UV) run --frozen --quiet
# Half of a first start would be compiling; where Python may not keep bytecode, half of every start.
COMPILE := .venv/bin/python -m compileall -q bot planner executor memory
.PHONY: web web-check web-test web-looks chat demo serve test chaos chaos-small lint texts bench accept looks check sync format

chat: .venv/chat ; @.venv/bin/orchestra chat $(ARGS)
demo: .venv/chat ; @.venv/bin/orchestra chat --workspace deploy/examples/sales --script deploy/examples/sales/demo.txt
serve: .venv/chat ; @.venv/bin/orchestra serve $(ARGS)
test: sync ; $(RUN) pytest -n 2 --dist loadgroup -m "not slow and not wide" $(ARGS)
chaos: sync ; $(RUN) pytest -n 2 --dist loadgroup tests/chaos tests/restart $(ARGS) && $(RUN) pytest -n 2 -m slow tests/unit
chaos-small: sync ; $(RUN) pytest -n 2 --dist loadgroup -m "not slow" tests/chaos tests/restart $(ARGS)
lint: sync ; $(RUN) ruff check . && $(RUN) ruff format --check . && $(RUN) mypy && $(RUN) lint-imports && $(RUN) python -m tests.lint.texts && $(RUN) python -m tests.lint.commands && $(RUN) python -m tests.lint.shape
texts: sync ; $(RUN) python -m tests.lint.texts --write && $(RUN) python -m tests.lint.commands --write
bench: sync ; $(RUN) python -m tests.benchmarks $(ARGS)
accept: sync ; $(RUN) python -m tests.acceptance $(ARGS)
looks: sync ; $(RUN) python -m tests.pictures.looks $(ARGS)
check: lint test

CHROMIUM = $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
# The pages. Their bundle is committed, so only who changes them needs node (20 or newer).
web: ; cd bot/web/frontend && npm ci && npm run build
web-check: web ; @test -z "$$(git status --porcelain bot/web/static)" || { git status --short bot/web/static; echo "bot/web/static isn't what its source makes: commit what \`make web\` built."; exit 1; }
web-test: sync ; @if [ -z "$(CHROMIUM)" ]; then echo "SKIPPED: the pages weren't tested, no Chromium here (apt-get install chromium)"; else $(RUN) --group web pytest tests/web --confcutdir tests/web $(ARGS); fi
web-looks: sync ; $(RUN) --group web python -m tests.web.looks $(or $(ARGS),/tmp/orchestra-looks)

format: sync ; $(RUN) ruff check --fix . && $(RUN) ruff format .
sync: $(UV) ; @$(UV) sync --frozen --quiet --compile-bytecode && $(COMPILE)

# The chat needs no test tools; keep them where they are already installed.
.venv/chat: uv.lock pyproject.toml | $(UV) ; @$(UV) sync --frozen --quiet --compile-bytecode --no-dev --inexact && $(COMPILE) && touch $@
.uv/bin/uv: ; @python3 -m venv .uv && .uv/bin/pip install --quiet --disable-pip-version-check uv
uv: ;
