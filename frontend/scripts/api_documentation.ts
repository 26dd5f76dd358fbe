/** Builds dist/docs/: Swagger UI from its npm package, started by our own script, with nothing from another host. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const PAGE = join(import.meta.dirname, "..", "docs");
const OWN = ["index.html", "start.js", "page.css"];
const PACKAGED = ["swagger-ui-bundle.js", "swagger-ui.css"];

export function apiDocumentation(): Plugin {
  return {
    name: "api-documentation",
    apply: "build",
    generateBundle() {
      const packaged = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
      const emit = (folder: string) => (name: string) =>
        this.emitFile({ type: "asset", fileName: `docs/${name}`, source: withoutSourceMap(readFileSync(join(folder, name), "utf8")) });
      OWN.forEach(emit(PAGE));
      PACKAGED.forEach(emit(packaged));
    },
  };
}

// The maps are not shipped, and a browser's tools would ask for them.
function withoutSourceMap(text: string): string {
  return text.replace(/^(\/\/|\/\*)# sourceMappingURL=.*$/gm, "");
}
