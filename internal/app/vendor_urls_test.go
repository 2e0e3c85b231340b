package app

import (
	"strings"
	"testing"
)

// A vendor that is misspelt would be asked at its own host, maybe in another
// region, and nobody would notice.
func TestVendorURLsThatCannotBe(t *testing.T) {
	t.Parallel()
	for urls, want := range map[[2]string]string{
		{"elevenlabs", "https://api.eu.residency.elevenlabs.io"}: "",
		{"vapi", "http://10.0.0.5:8080/vapi"}:                    "",
		{"elevenlab", "https://api.eu.residency.elevenlabs.io"}:  `"elevenlab"`,
		{"custom", "https://example.com"}:                        `"custom"`,
		{"vapi", "api.vapi.ai"}:                                  "vapi",
		{"bland", "ftp://example.com"}:                           "bland",
		{"retell", ""}:                                           "retell",
	} {
		err := checkVendorURLs(map[string]string{urls[0]: urls[1]})
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), "--vendor-url") || !strings.Contains(err.Error(), want)) {
			t.Errorf("%v: %v", urls, err)
		}
	}
}
