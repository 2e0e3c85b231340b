import { readFileSync } from "node:fs";
import type { Call } from "../features/call/types";

/** A call as the server folds it from a vendor's payloads, from the server's own golden files. */
export function golden(vendor: string, name: string): Call {
	return JSON.parse(readFileSync(`../internal/provider/${vendor}/testdata/golden/${name}.json`, "utf8"));
}
