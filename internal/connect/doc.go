// Package connect reads at vendors what their webhooks did not bring, with the
// key of a source: its agents, its past calls, and calls whose webhook never
// came.
//
//	somebody asks ──▶ ImportCalls ─▶ page of calls ─▶ not here whole? ─▶ ingest ─▶ ledger
//	                      ▲ └───────── cursor, counts ──▶ store                     ▲
//	                      └ snooze: the vendor asks for a pause, or is away         │
//	every 15 min ───▶ Reconcile ─▶ KeepInStep ─▶ agents ─▶ store                    │
//	                                    └──▶ calls since the last look ─▶ lacking? ─┘
//
// What is read comes in by the door like a webhook of the source: it stands in
// the inbox, and its call is the one that a webhook tells of. A call that is
// here and over is not read again, so what a webhook told of it stands.
//
// An import reads the newest calls first. How far it is stands in the store
// after each page, so whoever goes on, goes on there; of a page that was read in
// part, what is here is not read again. Calls that it brings are for the
// records: no webhook, alert, CRM, evaluator, language model or transcription
// is asked because of them, as none is for calls that reconciliation finds more
// than a day after their end. Those that it finds sooner are news.
//
// # What each failure does
//
//   - The vendor asks for a pause, is away, or breaks off: the import waits for
//     as long as it asks, or ever longer, and goes on.
//   - The vendor refuses the key, or the key is taken away: the import fails and
//     says why. The next one begins anew.
//   - A call can't be decoded: it stands in the inbox as quarantined.
//   - The process dies: its job is taken up by the next start, or by another
//     process within minutes.
//   - Two processes work on one import: the one that is behind sees that the
//     cursor has moved on, and stops.
package connect
