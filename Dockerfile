# One image for web, worker, beat and watch; they differ in their command alone.
FROM python:3.11-slim-trixie

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
WORKDIR /salkku

# pg_dump and pg_restore of PostgreSQL 17, for backups.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*

COPY requirements.image.lock ./
RUN python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.image.lock

COPY manage.py LICENSE CHANGELOG.md ./
COPY config config
COPY portfolio portfolio
COPY projects projects
COPY reporting reporting
COPY workers workers
RUN python -m config.languages && python -m compileall -q config portfolio projects reporting workers

RUN useradd --system --uid 10001 --home-dir /data --create-home salkku && install --directory --owner=10001 --mode=700 /backups
USER 10001
VOLUME /data /backups
EXPOSE 8000

CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--workers-kill-timeout", "5", "config.wsgi:application"]
