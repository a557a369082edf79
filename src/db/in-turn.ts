interface Turn {
  readonly begin: () => Promise<void>;
  readonly isLong: boolean;
}

/**
 * Does one thing after the other, in the order in which it is asked; what is asked to be done first goes before all else that waits. What
 * waits is begun together, up to the next that takes long, within what `bundle` makes of it.
 */
export class InTurn {
  readonly #first: Turn[] = [];
  readonly #waiting: Turn[] = [];
  readonly #bundle: (begin: () => void) => void;
  #isWorking = false;

  constructor(bundle: (begin: () => void) => void) {
    this.#bundle = bundle;
  }

  run<T>(work: () => Promise<T>, { isFirst = false, isLong = false } = {}): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const begin = async (): Promise<void> => {
      try {
        resolve(await work());
      } catch (error) {
        reject(error);
      }
    };
    (isFirst ? this.#first : this.#waiting).push({ begin, isLong });
    if (!this.#isWorking) void this.#workOff();
    return promise;
  }

  async #workOff(): Promise<void> {
    this.#isWorking = true;
    // What is asked at the same time is begun together.
    await Promise.resolve();
    for (let next = this.#next(); next.length > 0; next = this.#next()) {
      let begun: Promise<void>[] = [];
      this.#bundle(() => (begun = next.map(({ begin }) => begin())));
      await Promise.all(begun);
    }
    this.#isWorking = false;
  }

  #next(): Turn[] {
    if (this.#first.length > 0) return this.#first.splice(0);
    const long = this.#waiting.findIndex(({ isLong }) => isLong);
    return this.#waiting.splice(0, long === -1 ? this.#waiting.length : long + 1);
  }
}
