export const expectedCounts: readonly string[] = [];
