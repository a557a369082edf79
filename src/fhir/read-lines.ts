/** A longer line is not read: no FHIR resource of this size belongs in a stream, and memory must stay bounded. */
export const maxLineBytes = 64 * 1024 * 1024;

/** What is kept of something too large to be kept whole. */
export const keptOfTooLarge = 1024 * 1024;

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without its newline; only the first `keptOfTooLarge` of a line that is too long. */
  readonly bytes: Buffer;
  readonly tooLong: boolean;
  /** False for a last line that no newline ends. */
  readonly ended: boolean;
}

/** Splits bytes at newlines, a batch of lines for each piece of input. What comes before an error of the input is given first. */
export async function* readLines(pieces: AsyncIterable<Buffer>): AsyncGenerator<Line[]> {
  let number = 0;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  const add = (part: Buffer): void => {
    // Beyond the limit nothing more is held, only counted.
    if (pendingBytes <= maxLineBytes) pending.push(part);
    pendingBytes += part.length;
  };
  const finish = (ended: boolean): Line => {
    const tooLong = pendingBytes > maxLineBytes;
    const [first, ...others] = pending;
    const whole = first === undefined || others.length > 0 ? Buffer.concat(pending) : first;
    const bytes = tooLong ? Buffer.from(whole.subarray(0, keptOfTooLarge)) : whole;
    [number, pending, pendingBytes] = [number + 1, [], 0];
    return { number, bytes, tooLong, ended };
  };

  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const piece of pieces) {
      const lines: Line[] = [];
      let start = 0;
      for (let end = piece.indexOf(10); end !== -1; end = piece.indexOf(10, start)) {
        add(piece.subarray(start, end));
        lines.push(finish(true));
        start = end + 1;
      }
      if (start < piece.length) add(piece.subarray(start));
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    failure = { error };
  }
  if (pendingBytes > 0) yield [finish(false)];
  if (failure !== undefined) throw failure.error;
}
