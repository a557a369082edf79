import pg, { type Connection } from "pg";

/** The data of a COPY statement, given as its only parameter. */
export class CopyData {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

/** The message that ends the data: its letter, and its own length. */
const copyDone = Buffer.from([99, 0, 0, 0, 4]);

/**
 * The statement, all its data and their end in one write, without waiting to be asked for them: the embedded database takes
 * whole exchanges only, and a server saves a round trip. A server that refuses the statement reads past the data. It is a query of pg's
 * own, for pg sends no other kind behind those before it.
 */
export class CopyIn extends pg.Query {
  readonly done: Promise<{ command: string; rowCount: number; rows: never[] }>;
  readonly #text: string;
  readonly #bytes: Buffer;
  #rows = 0;
  #error: Error | undefined;
  readonly #settle: PromiseWithResolvers<{ command: string; rowCount: number; rows: never[] }>;

  constructor(text: string, bytes: Buffer) {
    super(text);
    this.#text = text;
    this.#bytes = bytes;
    this.#settle = Promise.withResolvers();
    this.done = this.#settle.promise;
  }

  override submit = (connection: Connection): void => {
    const { stream } = connection;
    stream.cork();
    connection.query(this.#text);
    const head = Buffer.alloc(5);
    head.write("d", "latin1");
    head.writeInt32BE(this.#bytes.length + 4, 1);
    stream.write(head);
    stream.write(this.#bytes);
    stream.write(copyDone);
    stream.uncork();
  };

  handleCopyInResponse(): void {
    // The data are on their way already.
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#rows = Number(text.split(" ").at(-1));
  }

  handleError(error: Error): void {
    this.#error ??= error;
    // Where the connection is gone nothing follows.
    this.#settle.reject(error);
  }

  handleReadyForQuery(): void {
    if (this.#error === undefined) this.#settle.resolve({ command: "COPY", rowCount: this.#rows, rows: [] });
  }
}
