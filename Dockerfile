# On Record behind a small Python image, as a user without rights. `docker compose up` builds and starts it.
FROM python:3.11-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY requirements.lock .ci/setup.lock.txt ./
RUN python -m venv /opt/onrecord \
    && /opt/onrecord/bin/pip install --require-hashes --only-binary :all: -r setup.lock.txt \
    && /opt/onrecord/bin/uv pip install --python /opt/onrecord/bin/python --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY engine engine
COPY index_config index_config
COPY api api
RUN /opt/onrecord/bin/uv pip install --python /opt/onrecord/bin/python --no-deps --no-build-isolation .

FROM python:3.11-slim

RUN useradd --create-home --uid 1000 onrecord
COPY --from=build /opt/onrecord /opt/onrecord
ENV PATH=/opt/onrecord/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HF_HUB_OFFLINE=1 \
    ONRECORD_HOST=0.0.0.0 \
    ONRECORD_PORT=8000
USER onrecord
WORKDIR /home/onrecord
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["onrecord"]
CMD ["serve"]
