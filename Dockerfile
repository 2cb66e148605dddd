# The program alone, in an image without anything else but the roots of trust that a deploy needs:
#
#     docker build -t guidepost --build-arg COMMIT="$(git rev-parse HEAD)" .
#     docker run --rm -v "$PWD:/site" guidepost check
#     docker run --rm -v "$PWD:/site" guidepost build
#     docker run --rm -v "$PWD:/site" -e AWS_ACCESS_KEY_ID -e AWS_SECRET_ACCESS_KEY guidepost deploy s3://bucket
#     docker run --rm -v "$PWD:/site" -p 127.0.0.1:4000:4000 guidepost serve --host 0.0.0.0 --port 4000
#
# Review states are read from git's history. This image holds no git: where they matter in CI, use the program itself.
FROM rust:1-alpine AS build
# hadolint ignore=DL3018  # these only build; their versions come with the image
RUN apk add --no-cache ca-certificates musl-dev gcc make
WORKDIR /source
COPY . .
# What `guidepost --version --verbose` says of the commit.
ARG COMMIT=""
ENV GUIDEPOST_COMMIT=$COMMIT
RUN cargo build --locked --release && mkdir -p /tree/etc/ssl/certs && cp target/release/guidepost /tree/ \
    && cp /etc/ssl/certs/ca-certificates.crt /tree/etc/ssl/certs/

FROM scratch
COPY --from=build /tree /
WORKDIR /site
ENTRYPOINT ["/guidepost"]
