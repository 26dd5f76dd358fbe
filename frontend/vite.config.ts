/** The build: one app, its service worker, one page for the API's documentation, and a limit on what the first view may weigh. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { apiDocumentation } from "./scripts/api_documentation.ts";
import { firstViewLimit } from "./scripts/first_view_limit.ts";
import { precache } from "./scripts/precache.ts";

const backend = process.env["AFTERWORD_BACKEND"] ?? "http://127.0.0.1:8000";
const WORKER = "service-worker.js";

export default defineConfig({
  plugins: [svelte(), apiDocumentation(), firstViewLimit({ entry: "index", kilobytes: 45 }), precache({ worker: WORKER })],
  build: {
    target: "es2022",
    // The page's policy allows no data: addresses, so nothing may be inlined as one.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { index: "index.html", service_worker: "src/service_worker.ts" },
      // Its address stays, because browsers ask for it by name.
      output: {
        entryFileNames: ({ name }) => (name === "service_worker" ? WORKER : "assets/[name]-[hash].js"),
        // In one file the first view is smaller than in the pieces that lazy views would share of it.
        codeSplitting: { groups: [{ name: "shell", tags: ["$initial"], test: /^(?!.*(workbox|service_worker))/ }] },
      },
    },
  },
  server: { proxy: { "/api": backend, "/health": backend } },
});
