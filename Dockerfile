# docker build -t counterpoint .
FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
RUN python -m venv /opt/counterpoint && python -m venv /opt/build
COPY requirements.lock requirements-build.lock ./
RUN /opt/counterpoint/bin/pip install --require-hashes -r requirements.lock
RUN /opt/build/bin/pip install --require-hashes -r requirements-build.lock
COPY . .
# The wheel has the web app in it; Node comes with requirements-build.lock.
RUN /opt/build/bin/python -m hatchling build --target wheel \
    && /opt/counterpoint/bin/pip install --no-deps dist/*.whl

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Counterpoint" org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 10001 --no-create-home counterpoint \
    && install --directory --owner counterpoint --mode 0750 /data
COPY --from=build /opt/counterpoint /opt/counterpoint
ENV PATH=/opt/counterpoint/bin:$PATH PYTHONUNBUFFERED=1 \
    COUNTERPOINT_HOST=0.0.0.0 COUNTERPOINT_PORT=8000 COUNTERPOINT_DATA_DIR=/data
USER counterpoint
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['COUNTERPOINT_PORT'] + '/readyz', timeout=4)"]
ENTRYPOINT ["counterpoint"]
CMD ["serve"]
