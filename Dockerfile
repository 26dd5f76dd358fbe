# Each step calls the script that `make` calls, so that there is one way to set the product up.
FROM python:3.11-slim AS environment
WORKDIR /app
COPY pyproject.toml README.md LICENSE requirements.lock requirements-dev.lock requirements-node.lock requirements-setup.lock ./
COPY scripts scripts
COPY backend backend
RUN scripts/setup.sh runtime

FROM environment AS frontend
COPY frontend frontend
RUN scripts/frontend.sh

# What a browser asks for: the built front end, and a proxy to the API.
FROM nginx:1.28-alpine AS web
COPY deploy/web.conf /etc/nginx/conf.d/default.conf
COPY --from=frontend /app/frontend/dist /usr/share/nginx/html
EXPOSE 8080

# The product itself; `docker run` without a command serves everything on SQLite in /data.
FROM environment AS afterword
COPY migrations migrations
COPY --from=frontend /app/frontend/dist frontend/dist
RUN useradd --system --no-create-home afterword && install --directory --owner=afterword --mode=700 /data
USER afterword
ENV AFTERWORD_DATA_DIR=/data
VOLUME /data
EXPOSE 8000
ENTRYPOINT [".venv/bin/afterword"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
