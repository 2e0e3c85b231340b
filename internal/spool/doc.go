// Package spool holds deliveries that the database has not taken yet.
//
//	Put ─▶ file, fsync ─▶ held ──Release──▶ waiting ─Take─▶ held ─┬─ Done ─▶ gone
//	        │ disk refuses                     ▲                   │
//	        └─▶ memory, as far as it goes      └──── Release ──────┘
//
// A delivery is one file: a line that says what it is, then the body as it
// came. Its name begins with the time, so the oldest come first.
//
// # What each failure does
//
//   - The process dies while a file is written: the file is shorter than its
//     first line says. Nobody was told that it is kept, so the next start
//     removes it.
//   - The process dies later: the next start finds the file waiting.
//   - The disk is full, or the spool is: the delivery is held in memory until
//     there is no more room there either. Put says which.
//   - A file was damaged: it is set aside under another name, and counted.
package spool
