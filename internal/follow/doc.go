// Package follow reads calls that are on at their vendors, where a vendor tells
// who asks more than its webhooks do, and the source has a key to ask with.
//
//	ledger ─ commits ─▶ on, and not followed yet? ─▶ claim ─▶ Follow ─▶ ingest ─▶ ledger
//	store ── at start ─────┘                           ▲         │  └─▶ partials to live
//	                                                   └─ pause ─┘
//
// What a vendor tells comes in by the door like a webhook of its source: it
// stands in the inbox, and what is told twice is known. So a call may be
// followed from the middle, again, or by two at once.
//
// A call is followed by one process, which claims it in the store for a time
// and says again and again that it still does. It is followed until it has
// ended, by the vendor's word here or by any other delivery. A call of which
// the vendor was told to keep no transcript or no personal data is not
// followed: what a webhook leaves out should not come in here.
//
// # What each failure does
//
//   - The connection breaks or can't be made: it is made again with growing
//     pauses for as long as the call is on.
//   - The vendor says that the call is not on: it is asked a few times more,
//     for it may be about to begin, and then left.
//   - The vendor refuses for good (a key that may not, too many watchers): the
//     call is left to the webhooks, and the source says why.
//   - The store does not take what was told: the connection is given up and made
//     again, and the vendor tells everything anew.
//   - The process dies: the next start finds the calls that are on; another
//     process takes them over once the claims run out.
package follow
