// Package deliver tells users' systems what happens: outgoing webhooks.
//
//	Plan ──one transaction──▶ webhook_deliveries + job
//	                                 │
//	     job ─▶ whose turn is it? ─▶ where to? ─▶ a place at the host? ─▶ POST ─▶ one transaction:
//	      ▲         │ not this one's    │ nowhere     │ none free              attempt, status, next job
//	      │         ▼                   ▼             │                            │
//	      │       ends: the one      dead, says why   │                            │
//	      │       before wakes it                     │                            │
//	      └──────────────── later ◀───────────────────┴────── failed ◀─────────────┘
//
// A delivery is one message to one target: an endpoint, or an address in an
// agent's settings. Where the target is and what it signs with is looked up for
// each attempt, so that a corrected address serves what waits.
//
//	waiting ──2xx──▶ delivered
//	   │  ▲ Resend, from any status
//	   ▼
//	failed ──2xx──▶ delivered
//	   │
//	   └── out of retries, 410, target gone or switched off ──▶ dead
//
// What is promised:
//
//   - Once planned, at least once sent, and known by its id: the webhook-id
//     header is derived from target, event and call, so planning twice has one
//     effect, and every attempt carries the same one. A process that dies
//     between the answer and its record sends again, with that id.
//   - Order within a call: of the deliveries about one call to one target, the
//     later waits until the earlier is delivered or dead. There is no order
//     between calls.
//   - A receiver that hangs holds two places and no more; others are served
//     beside it. Hosts that are known to be slow share half of the places.
//   - 2xx is success and nothing else is; redirects are not followed. 410
//     switches the target off. 429 and 503 may ask for a longer pause.
//   - A secret is used for the host that it was saved with.
package deliver
