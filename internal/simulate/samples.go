package simulate

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"path"
	"strings"
)

// noDelivery tells files that are no delivery about a call by a part of their
// name: bodies of the vendors' own APIs, signatures, campaigns.
var noDelivery = []string{"rest.", "control.", "ws.", ".response.", "signature", "vectors", "campaign.", "batch-status"}

// sampleRequests reads the sample payloads that are deliveries about calls:
// vendors' webhooks and call logs. A file is one piece of work; a list in it is
// a sequence. Flat bodies are made, not sampled: the samples of those are there
// for their oddities.
func sampleRequests(files fs.FS) ([][]request, error) {
	var out [][]request
	for _, dir := range []string{vapi, retell, bland, elevenlabs, "hamming"} {
		names, err := fs.Glob(files, dir+"/*.json")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			b, err := fs.ReadFile(files, name)
			if err != nil {
				return nil, err
			}
			if isSample(dir, path.Base(name), b) {
				out = append(out, sampleBatch(dir, b))
			}
		}
	}
	return out, nil
}

func isSample(dir, name string, body []byte) bool {
	if dir == "hamming" { // one without a time would stand above the newest calls
		return strings.HasPrefix(name, "call-logs.") && bytes.Contains(body, []byte(`"start_timestamp"`))
	}
	for _, part := range noDelivery {
		if strings.Contains(name, part) {
			return false
		}
	}
	return true
}

func sampleBatch(dir string, b []byte) []request {
	bodies := []json.RawMessage{b}
	var list []json.RawMessage
	if json.Unmarshal(b, &list) == nil {
		bodies = list
	}
	out := make([]request, len(bodies))
	for i, body := range bodies {
		out[i] = (&Delivery{Provider: dir, Body: body}).request()
		if dir == "hamming" { // in its envelope already
			out[i] = request{path: "/api/rest/v2/call-logs", body: body}
		}
	}
	return out
}
