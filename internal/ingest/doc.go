// Package ingest is the door: every delivery comes in here, whoever sends it.
//
//	request ─▶ who is it? ─▶ how much? ─▶ is it JSON we can keep? ─▶ decode ─▶ ledger
//	            key, or the    10 MiB,      depth, NUL bytes, lone     the vendor's
//	            vendor's       token        surrogates                 adapter
//	            signature      bucket
//
// There are two kinds of sender. A program of the user's calls an API with a
// key and is told what is wrong with its body: 422, nothing stored. A vendor
// calls a webhook and can do nothing about it: what it signed is kept, as a
// call or in quarantine, and answered with 2xx once it is on disk.
package ingest
