// Package alert tells of trouble in calls while they are on.
//
//	live: a call has changed, or time has passed
//	  │ Look: rules ─▶ conditions ─▶ hits ─▶ alerts that open, stay, are over
//	  │ Changed
//	  ▼
//	keeper ─▶ store: alerts ──in the same transaction──▶ job: tell
//	  one entry for each alert   │                        │ route: silence, throttle, group
//	                             └▶ what rules propose    ▼
//	person ─▶ api: acknowledge, resolve ─▶ live         notify/<x>
//
// There is one alert that is open for each call, rule and cause:
//
//	           a person                a person, recovery, the call's end, its rule's
//	triggered ─────────▶ acknowledged ───────────────────────────────────▶ resolved
//	    └──────────────────────────────────────────────────────────────────▲
//
// It takes less for an alert to stay than to be triggered, it stays open for a
// while at least, and what was over does not come back at once: see settle. What
// a person has resolved does not come again in that call. Once its rule is deleted,
// switched off or about other agents, an alert is over at the next look; those who
// were told of it hear so, unless the channels went with the rule.
//
// Look is a function of the call and the rules. Backtest and the scripts in
// testdata have it look at calls that were, by a clock of their own.
//
// # What each failure does
//
//   - The store can't be written: alerts are shown, and wait to be stored until
//     they can be; of one alert only what it has become is kept.
//   - The process dies: what was not stored is found anew, under another id, when
//     the call is loaded at the next start.
//   - The rules can't be read: those that were read last go on holding.
package alert
