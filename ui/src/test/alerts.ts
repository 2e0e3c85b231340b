const at = "2026-11-20T09:00:00Z";

/** An alert as lists have it. */
export const alert = (i: number, change: object = {}) => ({
	id: `alert_${i}`,
	call_id: `call_${i}`,
	agent_id: "agent_1",
	rule_id: "dead_air",
	rule_name: "Dead air",
	type: "dead_air",
	severity: "medium",
	status: "triggered",
	message: `Nobody has spoken for ${i} s`,
	turn: 4,
	quote: "Hold on.",
	at_ms: 65_000,
	triggered_at: at,
	acknowledged_at: null,
	resolved_at: null,
	told: "",
	call: {
		id: `call_${i}`,
		short_id: `short${i}`,
		status: "active",
		started_at: at,
		agent: { id: "agent_1", name: "Wren" },
	},
	...change,
});

/** A page of them, as the server answers. */
export const alertPage = (items: object[], change: object = {}) => ({
	items,
	next_cursor: "",
	open: items.length,
	...change,
});

/** An alert rule; a built-in one as it came, unless it is changed. */
export const rule = (change: object = {}) => ({
	id: "dead_air",
	name: "Dead air",
	condition: { type: "dead_air", threshold: 10 },
	severity: "medium",
	agents: [],
	active: true,
	notifications: {},
	throttling: { enabled: false },
	grouping: { enabled: false },
	silenceSchedule: { enabled: false },
	builtIn: true,
	version: 0,
	createdAt: null,
	updatedAt: null,
	...change,
});

/** One of the team's own. */
export const ownRule = (change: object = {}) =>
	rule({
		id: "rule_1",
		name: "Long talks",
		condition: { type: "duration", threshold: 600, operator: "greater_than" },
		severity: "low",
		builtIn: false,
		version: 2,
		createdAt: at,
		updatedAt: at,
		...change,
	});
