# The program alone, in an image without anything else:
#
#     docker build -t guidepost --build-arg COMMIT="$(git rev-parse HEAD)" .
#     docker run --rm -v "$PWD:/site" guidepost check
#     docker run --rm -v "$PWD:/site" guidepost build
#     docker run --rm -v "$PWD:/site" -p 127.0.0.1:4000:4000 guidepost serve --host 0.0.0.0 --port 4000
#
# Review states are read from git's history. This image holds no git: where they matter in CI, use the program itself.
FROM rust:1-alpine AS build
RUN apk add --no-cache musl-dev gcc make
WORKDIR /source
COPY . .
# What `guidepost --version --verbose` says of the commit.
ARG COMMIT=""
ENV GUIDEPOST_COMMIT=$COMMIT
RUN cargo build --locked --release && mkdir /tree && cp target/release/guidepost /tree/

FROM scratch
COPY --from=build /tree /
WORKDIR /site
ENTRYPOINT ["/guidepost"]
