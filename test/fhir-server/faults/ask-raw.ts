import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** One question on a connection of its own, and every byte that came back. */
export interface RawAnswer {
  readonly bytes: () => Buffer;
  /** `ended` by the server, or the code of what broke it, such as ECONNRESET; pending while it is open. */
  readonly over: Promise<string>;
  readonly hangUp: () => void;
  /** When anything at all has come. */
  readonly begun: Promise<unknown>;
}

/** Asks as the simplest of clients would, with no library between. */
export function askRaw(base: string, path: string): RawAnswer {
  const { hostname, port, pathname } = new URL(base);
  const socket: Socket = connect(Number(port), hostname);
  const pieces: Buffer[] = [];
  socket.on("data", (piece) => pieces.push(piece));
  const over = new Promise<string>((resolve) => {
    socket.on("end", () => resolve("ended"));
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "broken"));
  });
  socket.write(
    `GET ${pathname}${/^(\?|$)/.test(path) ? "" : "/"}${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n\r\n`,
  );
  return { bytes: () => Buffer.concat(pieces), over, hangUp: () => socket.destroy(), begun: once(socket, "data").catch(() => undefined) };
}

/** An HTTP answer taken apart, whole or not. */
export interface Parts {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What the header promised; NaN where it did not say. */
  readonly length: number;
}

export function takeApart(bytes: Buffer): Parts {
  const end = bytes.indexOf("\r\n\r\n");
  const [first = "", ...lines] = bytes.subarray(0, end).toString().split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 2)]),
  );
  return { status: Number(first.split(" ")[1]), headers, body: bytes.subarray(end + 4), length: Number(headers["content-length"]) };
}

/** The whole of an answer that comes to its end. */
export async function askWhole(base: string, path: string): Promise<Parts> {
  const answer = askRaw(base, path);
  await answer.over;
  return takeApart(answer.bytes());
}
