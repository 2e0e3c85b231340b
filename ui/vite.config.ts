/// <reference types="vitest/config" />
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env.RINGSIDE_URL ?? "http://localhost:8080";

export default defineConfig({
	plugins: [react()],
	build: {
		// scripts/clean.mjs empties dist and leaves the placeholder.
		emptyOutDir: false,
		target: "es2022",
		sourcemap: false,
		manifest: "manifest.json",
		// A data: font or script would need a wider CSP.
		assetsInlineLimit: 0,
	},
	// A worklet is a module.
	worker: { format: "es" },
	server: {
		proxy: Object.fromEntries(["/v1", "/api", "/webhooks"].map((p) => [p, { target: server }])),
	},
	test: {
		environment: "jsdom",
		testTimeout: 60_000,
		// Left to itself it leaves a core idle: half of a small machine.
		maxWorkers: "100%",
		setupFiles: ["./src/test/setup.ts"],
		css: { modules: { classNameStrategy: "non-scoped" } },
		include: ["src/**/*.test.{ts,tsx}"],
	},
});
