import { alertSeverities, alertTypes } from "../../lib/words";

/** The lists of exact values, joined by commas. */
export const listNames = ["severity", "type", "agent", "rule"] as const;

export type ListName = (typeof listNames)[number];

export const severityNames = Object.keys(alertSeverities);

export const typeNames = Object.keys(alertTypes);

export interface AlertsSearch extends Partial<Record<ListName, string>> {
	/** The inbox when left out. */
	view?: "rules";
	/** Those that nobody has taken on when left out. */
	status?: "acknowledged" | "resolved";
	/** The alert that J and K stand at. */
	alert?: string;
}

const allowed: Partial<Record<ListName, readonly string[]>> = { severity: severityNames, type: typeNames };

/** The values of a list in the URL. */
export const listOf = (text: string | undefined): string[] => text?.split(",").filter(Boolean) ?? [];

export function validateAlertsSearch(raw: Record<string, unknown>): AlertsSearch {
	const out: AlertsSearch = {};
	if (raw.view === "rules") out.view = "rules";
	if (raw.status === "acknowledged" || raw.status === "resolved") out.status = raw.status;
	for (const name of listNames) {
		const text = raw[name];
		if (typeof text !== "string") continue;
		const values = listOf(text).filter((v) => allowed[name]?.includes(v) ?? true);
		if (values.length > 0) out[name] = values.join(",");
	}
	if (typeof raw.alert === "string" && raw.alert) out.alert = raw.alert;
	return out;
}
