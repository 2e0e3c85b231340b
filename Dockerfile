# syntax=docker/dockerfile:1

FROM node:20-bookworm-slim AS page
WORKDIR /src/ui
COPY ui/package.json ui/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY ui/ ./
RUN npm run build

FROM golang:1.26-bookworm AS binary
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=page /src/ui/dist ui/dist
# No cgo: SQLite is compiled to Go, and the binary needs nothing of its image.
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /ringside ./cmd/ringside \
  && install -d -o 10001 -g 10001 /data

FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="Ringside" \
  org.opencontainers.image.description="The self-hosted monitor for AI voice agents" \
  org.opencontainers.image.licenses="Apache-2.0"
COPY --from=binary /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=binary /ringside /usr/local/bin/ringside
COPY --from=binary --chown=10001:10001 /data /data
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD \
  ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ code _ <&3 && [ \"$code\" = 200 ]"]
ENTRYPOINT ["ringside"]
CMD ["serve", "--listen", ":8080", "--data", "/data"]
