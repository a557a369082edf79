/** Works a thing out once for each object, which must never change; it is forgotten with the object. */
export function oncePer<K extends object, V>(workOut: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const held = known.get(key);
    if (held !== undefined) return held.value;
    const value = workOut(key);
    known.set(key, { value });
    return value;
  };
}
