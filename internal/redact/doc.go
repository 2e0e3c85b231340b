// Package redact finds personal data in what was said in a call and puts tokens
// in its place.
//
//	turns ─▶ one side's words in a row ─▶ digits, spoken or written ─▶ card? SSN? phone? …
//	                                   └▶ addresses, dates, accounts         │
//	                                                                         ▼
//	        facts, body, words ◀── the same value, the same token ◀────── values
//
// A number may be read out over several turns, with the other side saying yes in
// between: so what one side says is looked at as one text. What was found there
// is hidden wherever else it stands in the same delivery, in tool arguments and
// lists of words too.
//
// It is rules and arithmetic, and asks nobody. It misses what has no form of its
// own: names, addresses, passwords.
package redact
