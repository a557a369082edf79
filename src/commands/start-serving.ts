import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { UserError } from "../domain/user-error.ts";
import type { Connection } from "../db/connect.ts";
import type { HttpParts } from "../http/http-parts.ts";
import { commandLine } from "./command-line.ts";
import { makeExaminations } from "./make-examinations.ts";
import type { Runtime } from "./runtime.ts";

export interface Serving {
  /** Without a slash at the end. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const openToAll = "Nobody has to sign in here: whoever reaches this address sees and may change everything. Use invented data alone.";

/**
 * Serves pages and API until it is stopped, or the process is; port 0 is any that is free. Nobody has to sign in yet, so only
 * this machine is let in; with FOLLOWTHROUGH_INSECURE_DEMO=1, for containers, whoever reaches it.
 * @throws UserError `port-taken`, `port-refused`
 */
export async function startServing(
  runtime: Pick<Runtime, "env" | "onStop" | "random">,
  connection: Connection,
  parts: Omit<HttpParts, "db">,
  port: number,
): Promise<Serving> {
  const isOpen = runtime.env["FOLLOWTHROUGH_INSECURE_DEMO"] === "1";
  const banner = [parts.banner, isOpen ? openToAll : undefined].filter((text) => text !== undefined).join(" ");
  const known = { ...parts, db: connection.db, ...(banner !== "" && { banner }) };
  // Loaded by those alone who serve: every other command starts a fifth sooner without.
  const [{ makeApi }, { makeApp }, { makePages }] = await Promise.all([
    import("../api/make-api.ts"),
    import("../http/make-app.ts"),
    import("../web/make-pages.ts"),
  ]);
  const examinations = makeExaminations(connection, parts.config, { ...parts, random: runtime.random });
  const server = createServer(makeApp(known, [makeApi(known, examinations), makePages(known, examinations)]));
  const taken = await listen(server, port, isOpen ? "0.0.0.0" : "127.0.0.1");
  const stop = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    server.closeIdleConnections();
    await closed;
  };
  runtime.onStop(stop);
  return { url: `http://127.0.0.1:${taken}`, stop };
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    throw explainFailure(error as NodeJS.ErrnoException, port);
  }
  return (server.address() as AddressInfo).port;
}

function explainFailure(error: NodeJS.ErrnoException, port: number): Error {
  const another = `choose another port, for example: ${commandLine} serve --port ${port === 3_000 ? 3_001 : 3_000}`;
  if (error.code === "EADDRINUSE")
    return new UserError("port-taken", `Port ${port} is taken by another program.`, `Stop that one, or ${another}`, { cause: error });
  if (error.code === "EACCES")
    return new UserError("port-refused", `This user may not listen on port ${port}.`, `Ports from 1024 on are free to all: ${another}`, {
      cause: error,
    });
  return error;
}
