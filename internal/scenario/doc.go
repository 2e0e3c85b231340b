// Package scenario plays scenarios: conversations, written down, that are held
// as simulated calls through the live API's door, and then held against what was
// expected of them.
//
//	by hand ──▶ Begin ──▶ queued ──▶ running ──▶ judging ──▶ done
//	schedule ─▶ Look ──┘      │         │
//	              │           └────┬────┘
//	              └▶ skipped       ▼
//	                            cut off
//
// A script plays both sides, so a run tries what Ringside does about calls:
// rules, alerts, analysis, webhooks. It says nothing of the voice agent.
//
// A run is played by one job, in one process. While it is on, the process says
// every few seconds that it is at it; a run that nobody says this of is cut off,
// and its calls are ended. A run of a process that stops in order is cut off at
// once. Judging waits until every call has been analysed.
//
// Of several processes that find a scenario due, the one that sets when it is due
// next begins the run. What was due while none was running is not caught up: one
// skipped run says so.
package scenario
