# The service in an image: `docker build --tag arabic-search-service .`
#
#   docker run --rm --volume arabic-search-data:/data --publish 127.0.0.1:8000:8000 arabic-search-service
#   docker run --rm --volume arabic-search-data:/data --interactive arabic-search-service index news - < news.jsonl
#
# docker-compose.yml runs it beside Elasticsearch.

# The Python version that the tests use. Only wheels are installed, so no stage needs a compiler.
FROM python:3.11.15-slim-trixie AS build

WORKDIR /build
COPY requirements.lock requirements-build.lock ./
RUN pip install --no-cache-dir --require-hashes --only-binary :all: --requirement requirements-build.lock \
    && python -m venv --without-pip /app \
    && pip --python /app install --no-cache-dir --require-hashes --only-binary :all: --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY index_config index_config
COPY search_service search_service
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir dist . \
    && pip --python /app install --no-cache-dir --no-deps dist/*.whl


FROM python:3.11.15-slim-trixie

COPY --from=build /app /app
# A user id that no user of the host has. The service writes only to /data, /tmp and /dev/shm.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin arabic-search \
    && install --directory --owner arabic-search --group arabic-search /data
ENV PATH=/app/bin:$PATH \
    INDEX_DIR=/data/indexes \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000

# Uses what the image contains. http.client, unlike urllib, ignores proxy settings.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-c", "\
import http.client; \
connection = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4); \
connection.request('GET', '/healthz'); \
raise SystemExit(connection.getresponse().status != 200)"]

ENTRYPOINT ["arabic-search"]
CMD ["serve", "--host", "0.0.0.0"]
