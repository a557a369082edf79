export default { printWidth: 140, overrides: [{ files: "*.cjs", options: { trailingComma: "none" } }] };
