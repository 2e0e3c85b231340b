// Where things are.
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
export const binary = process.env.RINGSIDE_BIN || `${root}/bin/ringside`;
export const chromiumPath = process.env.RINGSIDE_CHROMIUM || "/usr/bin/chromium";
/** Screenshots, and what a server said when a journey failed. */
export const results = `${root}/e2e/test-results`;
export const payloads = `${root}/testdata/payloads`;
