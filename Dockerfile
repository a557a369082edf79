# Followthrough: sources as they stand on Node 24, without what only development needs. Runs as a user without rights.
FROM node:24.21.0-bookworm-slim

WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force

COPY src ./src
COPY sql ./sql
COPY fixtures/hospital ./fixtures/hospital

RUN mkdir /data && chown node:node /data
ENV NODE_ENV=production FOLLOWTHROUGH_DATA=/data
VOLUME /data
USER node
EXPOSE 3000

ENTRYPOINT ["node", "--max-semi-space-size=4", "--heap-growing-percent=50", "--require", "./src/node-check.cjs", "src/main.ts"]
CMD ["serve"]
