/** Some hundred bytes each. */
const mostRemembered = 10_000;

/** Keys of names of a site that come again and again: to hash one takes some ten times a look at what was hashed before. */
export class RememberedKeys {
  readonly #hash: (site: string, name: string) => bigint;
  readonly #keys = new Map<string, bigint>();
  #site = "";

  constructor(hash: (site: string, name: string) => bigint) {
    this.#hash = hash;
  }

  keyOf(site: string, name: string): bigint {
    if (site !== this.#site || this.#keys.size >= mostRemembered) this.#keys.clear();
    this.#site = site;
    let key = this.#keys.get(name);
    if (key === undefined) this.#keys.set(name, (key = this.#hash(site, name)));
    return key;
  }
}
