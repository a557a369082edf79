/** Microseconds from 1970 to 2000, from where PostgreSQL counts. */
const epochOffsetMicros = 946_684_800_000_000n;
const [noMore, unknownLength] = [-1, -1];
const latest = 2n ** 63n - 1n;

/** Types of array elements by their number in every PostgreSQL's catalogue. */
const elementOids: Readonly<Record<string, number>> = { bigint: 20, text: 25 };

/** Rows in the binary form of COPY: no number, time or byte becomes text and back. The room grows, and is used again. */
export class BinaryRows {
  #buffer = Buffer.allocUnsafe(1 << 16);
  #length = 0;
  #count = 0;

  constructor() {
    this.#begin();
  }

  get bytes(): number {
    return this.#length;
  }

  get count(): number {
    return this.#count;
  }

  /** Values in the order of their types; what is undefined or null is null. */
  add(values: readonly unknown[], types: readonly string[]): void {
    this.#int16(types.length);
    for (const [index, type] of types.entries()) this.#value(values[index], type);
    this.#count += 1;
  }

  /** All rows, and their end; the next row begins anew. */
  take(): Buffer {
    this.#int16(noMore);
    const taken = Buffer.from(this.#buffer.subarray(0, this.#length));
    this.#begin();
    return taken;
  }

  #begin(): void {
    this.#length = 0;
    this.#count = 0;
    this.#raw(Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"));
    this.#raw(Buffer.alloc(8));
  }

  #value(value: unknown, type: string): void {
    if (value === undefined || value === null) return this.#int32(unknownLength);
    if (type.endsWith("[]")) return this.#measured(() => this.#array(value as readonly unknown[], type.slice(0, -2)));
    switch (type) {
      case "bigint":
        this.#int32(8);
        return this.#int64(value as bigint);
      case "integer":
        this.#int32(4);
        return this.#int32(value as number);
      case "smallint":
        this.#int32(2);
        return this.#int16(value as number);
      case "double precision":
        this.#int32(8);
        this.#room(8);
        this.#length = this.#buffer.writeDoubleBE(value as number, this.#length);
        return;
      case "boolean":
        this.#int32(1);
        this.#room(1);
        this.#length = this.#buffer.writeUInt8(value === true ? 1 : 0, this.#length);
        return;
      case "timestamptz":
        this.#int32(8);
        return this.#int64(microsOf(value as number));
      case "bytea":
        this.#int32((value as Uint8Array).length);
        return this.#raw(value as Uint8Array);
      case "uuid":
        this.#int32(16);
        return this.#raw(Buffer.from((value as string).replaceAll("-", ""), "hex"));
      case "jsonb":
        return this.#text(JSON.stringify(value), jsonbVersion);
      default:
        if (typeof value !== "string") throw new TypeError(`A ${typeof value} was given for a column of type ${type}.`);
        return this.#text(value);
    }
  }

  /** One dimension from 1, as PostgreSQL's array_recv reads it. */
  #array(values: readonly unknown[], type: string): void {
    const oid = elementOids[type];
    if (oid === undefined) throw new TypeError(`Arrays of ${type} cannot be copied.`);
    this.#int32(values.length === 0 ? 0 : 1);
    this.#int32(values.some((value) => value === null || value === undefined) ? 1 : 0);
    this.#int32(oid);
    if (values.length === 0) return;
    this.#int32(values.length);
    this.#int32(1);
    for (const value of values) this.#value(value, type);
  }

  /** What is written, with its length before it. */
  #measured(write: () => void): void {
    const start = this.#length;
    this.#int32(0);
    write();
    this.#buffer.writeInt32BE(this.#length - start - 4, start);
  }

  /** In UTF-8, which takes three bytes a unit at most; its length, and what stands first, before it. */
  #text(text: string, before: Uint8Array = none): void {
    this.#room(4 + before.length + text.length * 3);
    const start = this.#length + 4;
    this.#buffer.set(before, start);
    const end = start + before.length + this.#buffer.write(text, start + before.length);
    this.#length = this.#buffer.writeInt32BE(end - start, this.#length) + end - start;
  }

  #raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #int16(value: number): void {
    this.#room(2);
    this.#length = this.#buffer.writeInt16BE(value, this.#length);
  }

  #int32(value: number): void {
    this.#room(4);
    this.#length = this.#buffer.writeInt32BE(value, this.#length);
  }

  #int64(value: bigint): void {
    this.#room(8);
    this.#length = this.#buffer.writeBigInt64BE(value, this.#length);
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

const none = new Uint8Array(0);
const jsonbVersion = new Uint8Array([1]);

/** Epoch milliseconds as PostgreSQL keeps them. */
function microsOf(instant: number): bigint {
  if (instant === Infinity) return latest;
  if (instant === -Infinity) return -latest - 1n;
  return BigInt(Math.floor(instant)) * 1000n - epochOffsetMicros;
}
