// Package importer sends recordings that lie in a folder to a running server,
// through its public API: each becomes a call with its recording.
//
//	folder ─▶ find ──▶ prepare ──────────▶ send, several at once
//	CSV ────▶ sheet ┘  one after the other   is the call there? ─▶ the call ─▶ its recording
//	          checked  hash, length, time
//	          whole
//
// A call's id is made from its recording's bytes, so a recording is one call
// wherever it lies and however often it is sent. Nothing is noted down here: what
// is done already is asked of the server, and an import that ended early goes on
// when it is run again.
package importer
