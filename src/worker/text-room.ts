/** So much at once; what is longer has a piece of its own. */
const pieceBytes = 256 * 1024;

/**
 * Where texts wait as bytes until they are stored: outside of the heap, whose collector would copy each of them twice, and
 * handed from thread to thread without being copied at all.
 */
export class TextRoom {
  #piece = Buffer.alloc(0);
  #length = 0;

  /** A text in UTF-8, which takes three bytes a unit at most. */
  keep(text: string): Buffer {
    if (this.#length + text.length * 3 > this.#piece.length) {
      this.#piece = Buffer.allocUnsafeSlow(Math.max(pieceBytes, text.length * 3));
      this.#length = 0;
    }
    const start = this.#length;
    this.#length += this.#piece.write(text, start);
    return this.#piece.subarray(start, this.#length);
  }
}
