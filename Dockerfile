# One image for web, worker, beat, drain and the release step; docker-compose.yml says
# which command runs where. Built without the project's secrets, data and tests.

FROM node:24-slim AS front
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY assets ./assets
COPY scripts ./scripts
RUN npm run build

FROM python:3.13-slim AS packages
COPY requirements.lock ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=ocgmap.settings
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin ocgmap
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY manage.py ./
COPY ocgmap ./ocgmap
COPY accounts ./accounts
COPY groups ./groups
COPY intelligence ./intelligence
COPY scoring ./scoring
COPY templates ./templates
COPY --from=front /app/static/build ./static/build
# The files of the site belong to root: the process can read them and change none.
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "ocgmap.wsgi:application", "-c", "python:ocgmap.serving", "-b", "0.0.0.0:8000"]
