// Package archtest holds what CI guards about the shape of the code: who may
// import whom, how long a file and a function may be, and that every direct
// dependency has its line of reason.
//
// The packages stand in levels, in the order in which a call flows. A package
// imports levels above its own, never its own or one below, but for the arrows
// that its row names. See docs/architecture.md for the picture.
package archtest
