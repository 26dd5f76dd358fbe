/** Measures the JavaScript that the first view loads, gzipped, prints it, and fails the build above the limit. */
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

type Chunk = { type: "chunk"; code: string; fileName: string; name: string; isEntry: boolean; imports: string[] };

export function firstViewLimit({ entry: name, kilobytes }: { entry: string; kilobytes: number }): Plugin {
  return {
    name: "first-view-limit",
    apply: "build",
    // As it was written: until then others change it.
    writeBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output): output is typeof output & Chunk => output.type === "chunk");
      const entry = chunks.find((chunk) => chunk.isEntry && chunk.name === name);
      if (!entry) this.error("the build has no entry to measure");
      const loaded = withImports(entry, chunks);
      const size = loaded.reduce((sum, chunk) => sum + gzipSync(chunk.code, { level: 9 }).length, 0) / 1000;
      const report = `first view: ${size.toFixed(1)} kB of gzipped JavaScript (limit ${kilobytes} kB)`;
      if (size > kilobytes) this.error(report);
      this.info(report);
    },
  };
}

function withImports(entry: Chunk, chunks: Chunk[]): Chunk[] {
  const loaded = new Set([entry]);
  for (const chunk of loaded) {
    for (const name of chunk.imports) {
      const imported = chunks.find((other) => other.fileName === name);
      if (imported) loaded.add(imported);
    }
  }
  return [...loaded];
}
