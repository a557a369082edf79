/** An index as `sql/` creates it, and whether a line just above says which question it serves. */
export interface CreatedIndex {
  readonly name: string;
  readonly isExplained: boolean;
}

/** Every `create index` of a migration. `-- Serves: …` stands within the two lines above it. */
export function listCreatedIndexes(migration: string): CreatedIndex[] {
  const lines = migration.split("\n");
  return lines.flatMap((line, place) => {
    const name = /^\s*create\s+(?:unique\s+)?index\s+(?:if\s+not\s+exists\s+)?(\w+)/i.exec(line)?.[1];
    if (name === undefined) return [];
    return [{ name, isExplained: lines.slice(Math.max(0, place - 2), place).some((above) => /^\s*-- Serves: \S/.test(above)) }];
  });
}
