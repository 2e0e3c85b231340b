package salesforce

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
)

const payloads = "../../../testdata/payloads/salesforce"

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(payloads, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestComplaint(t *testing.T) {
	t.Parallel()
	usage := func(s string) http.Header { return http.Header{"Sforce-Limit-Info": {s}} }
	for _, tc := range []struct {
		name   string
		header http.Header
		want   crm.Complaint
	}{
		{"error_400.json", nil, crm.Complaint{
			Code: "INVALID_TYPE_ON_FIELD_IN_RECORD", Field: "CallDurationInSeconds",
			Message: "Call Duration: value not of required type: abc",
		}},
		{"error_401.json", nil, crm.Complaint{Code: "INVALID_SESSION_ID", Message: "Session expired or invalid"}},
		{"error_403_limit.json", usage("api-usage=15000/15000"), crm.Complaint{
			Kind: ringside.RateLimited, RetryAfter: time.Hour,
			Code: "REQUEST_LIMIT_EXCEEDED", Message: "TotalRequests Limit exceeded.",
		}},
		{"error_403_limit.json", usage("api-usage=25/15000"), crm.Complaint{
			Kind: ringside.RateLimited, RetryAfter: time.Minute,
			Code: "REQUEST_LIMIT_EXCEEDED", Message: "TotalRequests Limit exceeded.",
		}},
	} {
		if got := refused(0, tc.header, read(t, tc.name)); got != tc.want {
			t.Errorf("%s: %+v, want %+v", tc.name, got, tc.want)
		}
	}
	want := crm.Complaint{Kind: ringside.Unauthorized, Code: "invalid_client_id", Message: "client identifier invalid"}
	if got := refusedToken(http.StatusBadRequest, nil, read(t, "token_error.json")); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestQuotedTextEndsWhereItShould(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"call_1":          `'call_1'`,
		`' OR Id != '`:    `'\' OR Id != \''`,
		`\`:               `'\\'`,
		`\' OR Name = \'`: `'\\\' OR Name = \\\''`,
		"a\nb":            `'a\nb'`,
	} {
		if got := quote(in); got != want {
			t.Errorf("quote(%q) = %s, want %s", in, got, want)
		}
	}
}

// FuzzQuote quotes any text: what comes out is one literal, to its end.
func FuzzQuote(f *testing.F) {
	f.Add(`' OR Id != '`)
	f.Add(`\\'`)
	f.Fuzz(func(t *testing.T, s string) {
		q := quote(s)
		inner := q[1 : len(q)-1]
		for i := 0; i < len(inner); i++ {
			switch inner[i] {
			case '\\':
				i++
				if i == len(inner) {
					t.Fatalf("%s escapes its own end", q)
				}
			case '\'':
				t.Fatalf("%s ends early", q)
			}
		}
		if got := strings.NewReplacer(`\\`, `\`, `\'`, `'`, `\n`, "\n", `\r`, "\r").Replace(inner); got != s {
			t.Errorf("%q is read as %q", s, got)
		}
	})
}

func FuzzComplaint(f *testing.F) {
	for _, name := range []string{"error_400.json", "error_401.json", "error_403_limit.json", "token_error.json"} {
		f.Add(read(f, name), "api-usage=25/15000")
	}
	f.Fuzz(func(_ *testing.T, body []byte, limit string) {
		refused(http.StatusBadRequest, http.Header{"Sforce-Limit-Info": {limit}}, body)
		refusedToken(http.StatusBadRequest, nil, body)
	})
}
