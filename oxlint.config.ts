import { defineConfig } from "oxlint";
import { moduleRules } from "./tools/layers.ts";

export default defineConfig({
  plugins: ["typescript", "unicorn", "oxc", "import"],
  categories: { correctness: "error" },
  rules: {
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    "typescript/await-thenable": "error",
    "typescript/no-explicit-any": "error",
    "typescript/require-array-sort-compare": "off",
    "typescript/no-misused-spread": "off",
    "unicorn/no-useless-spread": "off",
    "no-misleading-character-class": "off",
    // A circle that only types close is a circle for whoever reads it.
    "import/no-cycle": ["error", { ignoreTypes: false }],
    "no-empty": "error",
  },
  overrides: [
    {
      files: ["**/*.test.ts"],
      rules: {
        "typescript/no-redundant-type-constituents": "off",
        "typescript/no-floating-promises": [
          "error",
          {
            allowForKnownSafeCalls: [
              { from: "package", package: "node:test", name: ["test", "it", "describe", "suite"] },
            ],
          },
        ],
      },
    },
    ...moduleRules().map(({ files, except, forbidden }) => ({
      files: [...files],
      excludeFiles: [...except],
      rules: { "no-restricted-imports": ["error", { patterns: [...forbidden] }] as ["error", { patterns: object[] }] },
    })),
  ],
  ignorePatterns: ["dist", ".data", "node_modules"],
});
