import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    files: ["cnnviz/ui/components/**/*.js"],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ["tests/js/*.mjs"],
    languageOptions: { globals: globals.node },
  },
  {
    rules: {
      eqeqeq: "error",
      "max-lines": ["error", 250],
      "max-lines-per-function": ["error", { max: 40, skipComments: true }],
      "no-restricted-globals": [
        "error", "close", "event", "find", "focus", "name", "open", "parent", "print", "scroll", "status", "stop", "top",
      ],
      "no-shadow": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
];
