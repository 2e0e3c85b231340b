// Package ui holds the built page. A clone that was never built holds
// dist/placeholder.html alone, so that the binary compiles without Node; a
// build adds index.html and assets/ beside it.
package ui

import "embed"

// Dist is the build output under "dist". Serve dist/index.html where it is
// there, dist/placeholder.html where it is not. index.html holds the text
// __CSP_NONCE__ wherever the nonce of the response belongs.
//
//go:embed all:dist
var Dist embed.FS
