import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["node_modules/", "data/", "coverage/", "src/web/static/"]),
  {
    files: ["**/*.ts"],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // Numbers in messages read well; what this rule is there to stop are objects and undefined.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // `() => seen.add(x)` and an early `return report(x)` are clear enough.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
    },
  },
  {
    files: ["{src,test}/**/*.ts"],
    rules: { "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ["src/**/*.ts"],
    ignores: ["src/main.ts", "src/commands/**"],
    rules: { "no-console": "error" },
  },
  {
    // Clock, fetch and randomness are arguments: only main.ts passes the real ones.
    files: ["src/**/*.ts"],
    ignores: ["src/main.ts"],
    rules: {
      "no-restricted-globals": ["error", { name: "fetch", message: "Take fetch as an argument; main.ts passes the real one." }],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: "Take the clock as an argument; main.ts passes the real one." },
        { object: "Temporal", property: "Now", message: "Take the clock as an argument; main.ts passes the real one." },
        { object: "Math", property: "random", message: "Take randomness as an argument; main.ts passes the real one." },
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: "Take the clock as an argument; main.ts passes the real one.",
        },
      ],
    },
  },
  {
    // A test that indexes past the end fails loudly by itself.
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
  {
    files: ["**/*.cjs"],
    extends: [js.configs.recommended],
    languageOptions: {
      sourceType: "commonjs",
      ecmaVersion: 5,
      globals: { process: "readonly", require: "readonly", __dirname: "readonly" },
    },
  },
  {
    files: ["*.config.js"],
    extends: [js.configs.recommended],
  },
);
