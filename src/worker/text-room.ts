/** So much at once; what is longer has a piece of its own. */
const pieceBytes = 256 * 1024;

/**
 * Where texts wait as bytes until they are stored: outside of the heap, whose collector would copy each of them twice, and
 * handed from thread to thread without being copied at all.
 */
export class TextRoom {
  readonly pieces: Buffer[] = [];
  #piece = Buffer.alloc(0);
  #length = 0;

  /** Keeps a text in UTF-8, which takes three bytes a unit at most; writes into `places`, from `at` on, in which piece, and from where to where. */
  keep(text: string, places: Uint32Array, at: number): void {
    if (this.#length + text.length * 3 > this.#piece.length) {
      this.#piece = Buffer.allocUnsafeSlow(Math.max(pieceBytes, text.length * 3));
      this.#length = 0;
      this.pieces.push(this.#piece);
    }
    places[at] = this.pieces.length - 1;
    places[at + 1] = this.#length;
    this.#length += this.#piece.write(text, this.#length);
    places[at + 2] = this.#length;
  }
}
