# Serves or works, as its command says, as an ordinary user. All that is kept is in /var/lib/outtray.
FROM python:3.13-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/outtray
COPY requirements-whole.txt ./
RUN /opt/outtray/bin/pip install --no-cache-dir --require-hashes -r requirements-whole.txt
COPY pyproject.toml README.md LICENSE ./
COPY outtray ./outtray
RUN /opt/outtray/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
    && /opt/outtray/bin/python -m compileall -q /opt/outtray/lib

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 8025 --home-dir /var/lib/outtray --shell /usr/sbin/nologin outtray \
    && install -d -m 700 -o outtray -g outtray /var/lib/outtray
COPY --from=build /opt/outtray /opt/outtray
ENV PATH=/opt/outtray/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    OUTTRAY_DATA=/var/lib/outtray \
    OUTTRAY_HOST=0.0.0.0
USER outtray
VOLUME /var/lib/outtray
EXPOSE 8025
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as ask; ask.urlopen('http://127.0.0.1:8025/health/live', timeout=4)"]
ENTRYPOINT ["outtray"]
CMD ["serve"]
