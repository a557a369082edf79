import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/** A server that says to each thing a client sends the next of `replies`: for what no server at hand would answer. */
export async function fakePostgres(replies: readonly Buffer[]): Promise<{ url: string; place: string; close: () => Promise<void> }> {
  const server = createServer((socket) => {
    const left = [...replies];
    socket.on("data", () => {
      const reply = left.shift();
      if (reply !== undefined) socket.write(reply);
      // As a server does after a fatal error.
      if (reply?.toString("latin1", 0, 1) === "E") socket.end();
    });
    socket.on("error", () => undefined);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}/epr`;
  return {
    url: `postgres://anna:hush@${place}`,
    place,
    close: async () => {
      server.close();
      await once(server, "close");
    },
  };
}

/** AuthenticationOk, ReadyForQuery. */
export const welcome = Buffer.concat([message("R", integer(0)), message("Z", Buffer.from("I"))]);

export function refusal(sqlState: string, text: string): Buffer {
  return message("E", Buffer.from(`SFATAL\0C${sqlState}\0M${text}\0\0`));
}

/** The whole answer to a simple query: one row of one integer column. */
export function oneInteger(name: string, value: number): Buffer {
  const text = Buffer.from(String(value));
  const column = Buffer.concat([Buffer.from(`${name}\0`), integer(0), short(0), integer(23), short(4), integer(-1), short(0)]);
  return Buffer.concat([
    message("T", Buffer.concat([short(1), column])),
    message("D", Buffer.concat([short(1), integer(text.length), text])),
    message("C", Buffer.from("SELECT 1\0")),
    message("Z", Buffer.from("I")),
  ]);
}

/** To how a session is to be, which is said first. */
export const settings = oneInteger("set_config", 1);

function message(kind: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(kind), integer(body.length + 4), body]);
}

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}
