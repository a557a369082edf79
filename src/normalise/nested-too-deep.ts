/** Deeper than any real resource; a text that nests further is refused, so that no input can exhaust the stack. */
export const deepest = 200;

export class NestedTooDeep extends Error {}
