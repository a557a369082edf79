import ts from "typescript";

export type Import = { specifier: string; typeOnly: boolean };

/** Every module that this source text names: import and export declarations, `import()`, `require()` and import types. */
export function importsOf(text: string): Import[] {
  const found: Import[] = [];
  const note = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) found.push({ specifier: specifier.text, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    // `import { type A }` still loads the module at run time (verbatimModuleSyntax): only `import type` counts as types.
    if (ts.isImportDeclaration(node)) note(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    else if (ts.isExportDeclaration(node)) note(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) note(node.argument.literal, true);
    else if (ts.isCallExpression(node) && loadsModule(node.expression)) note(node.arguments[0], false);
    else if (ts.isNewExpression(node) && isUrlBesideThisFile(node)) note(node.arguments?.[0], false);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("source.ts", text, ts.ScriptTarget.Latest));
  return found;
}

function loadsModule(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === "require");
}

/** `new URL("./worker.ts", import.meta.url)`: how a worker thread names its source; other files so named are data. */
function isUrlBesideThisFile(node: ts.NewExpression): boolean {
  const [path, base] = node.arguments ?? [];
  return (
    ts.isIdentifier(node.expression) &&
    node.expression.text === "URL" &&
    path !== undefined &&
    ts.isStringLiteralLike(path) &&
    path.text.endsWith(".ts") &&
    base !== undefined &&
    ts.isPropertyAccessExpression(base) &&
    ts.isMetaProperty(base.expression)
  );
}
