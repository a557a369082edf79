import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { Answer, Fault } from "./fault.ts";

const anything = (): boolean => true;

/** What befalls an answer on its way. Stalls end when the client ends them. */
export const wireFaults: readonly Fault[] = [
  { name: "reset", lasts: "at-times", befalls: anything, does: { sends: (res) => res.socket?.resetAndDestroy() } },
  {
    name: "reset-in-body",
    lasts: "at-times",
    befalls: anything,
    does: { sends: (res, answer) => sendHalf(res, answer, () => res.socket?.resetAndDestroy()) },
  },
  {
    name: "connection-unread",
    lasts: "at-times",
    befalls: anything,
    does: {
      sends(res, _answer, { leaveNextUnread }) {
        leaveNextUnread();
        res.socket?.resetAndDestroy();
      },
    },
  },
  { name: "headers-stall", lasts: "at-times", befalls: anything, does: { sends: () => {} } },
  { name: "body-stalls", lasts: "at-times", befalls: anything, does: { sends: (res, answer) => sendHalf(res, answer, () => {}) } },
  { name: "json-cut", lasts: "at-times", befalls: anything, does: { sends: (res, answer) => sendWhole(res, half(answer)) } },
  { name: "gzip-cut", lasts: "at-times", befalls: anything, does: { sends: (res, answer) => sendWhole(res, half(pack(answer))) } },
];

/** As it should be. */
export function sendWhole(res: ServerResponse, { status, headers, body }: Answer): void {
  res.writeHead(status, { ...headers, "Content-Length": body.length }).end(body);
}

function sendHalf(res: ServerResponse, answer: Answer, then: () => void): void {
  res.writeHead(answer.status, { ...answer.headers, "Content-Length": answer.body.length });
  res.write(half(answer).body, then);
}

function half(answer: Answer): Answer {
  return { ...answer, body: answer.body.subarray(0, answer.body.length / 2) };
}

function pack(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, "Content-Encoding": "gzip" }, body: gzipSync(answer.body) };
}
