package importer

import (
	"testing"
	"time"
	_ "time/tzdata" // wherever it runs
)

var today = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func berlin(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestMomentOfName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{ // "": it holds none plainly; times in Berlin
		"2026-11-20T09-15-00.wav":                     "2026-11-20T08:15:00Z",
		"2026-11-20 09.15.00.wav":                     "2026-11-20T08:15:00Z",
		"2026-11-20T09:15:00Z.wav":                    "2026-11-20T09:15:00Z",
		"20261120T091500Z_agent.wav":                  "2026-11-20T09:15:00Z",
		"2026-11-20T09:15:00.123+05:30.wav":           "2026-11-20T03:45:00Z",
		"call_20260720-091500-+14155550100.mp3":       "2026-07-20T07:15:00Z",
		"20261120_091500_20261120_092000.wav":         "2026-11-20T08:15:00Z",
		"20261120091500.opus":                         "2026-11-20T08:15:00Z",
		"2026-11-20_09-15-00-4711.wav":                "2026-11-20T08:15:00Z",
		"out-5550100-5550199-20261120-091500-1.2.wav": "2026-11-20T08:15:00Z",
		"1763630100.flac":                             "2025-11-20T09:15:00Z",
		"1763630100.42.wav":                           "2025-11-20T09:15:00Z",
		"in_1763630100500_7.wav":                      "2025-11-20T09:15:00.5Z",
		"1763630100_1763630200.wav":                   "", // which of them?
		"+1763630100.wav":                             "", // a telephone number
		"14155550100.wav":                             "",
		"4155550100.wav":                              "", // in the year 2101
		"0176363010.wav":                              "", // in 1975
		"1763630100a.wav":                             "",
		"20261320-091500.wav":                         "", // no such month
		"20260230-091500.wav":                         "",
		"20261120-251500.wav":                         "",
		"20271120-091500.wav":                         "", // still to come
		"2026-11-20.wav":                              "",
		"hello.wav":                                   "",
		"":                                            "",
	} {
		got, ok := momentOf(name, berlin(t), today)
		if ok != (want != "") || ok && got.Format(time.RFC3339Nano) != want {
			t.Errorf("%q: %v, %v; want %q", name, got, ok, want)
		}
	}
}

func TestParseMoment(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{ // "": none; times in Berlin
		"2026-11-20T09:15:00Z":          "2026-11-20T09:15:00Z",
		"2026-11-20T09:15:00.250+01:00": "2026-11-20T08:15:00.25Z",
		"2026-11-20 09:15:00":           "2026-11-20T08:15:00Z",
		"2026-11-20T09:15:00":           "2026-11-20T08:15:00Z",
		"1763630100":                    "2025-11-20T09:15:00Z",
		"1763630100.5":                  "2025-11-20T09:15:00.5Z",
		"1763630100500":                 "2025-11-20T09:15:00.5Z",
		"20.11.2026 09:15":              "",
		"2026-11-28T09:15:00Z":          "", // still to come
		"0":                             "",
		"-5":                            "",
		"NaN":                           "",
		"1e300":                         "",
		"soon":                          "",
	} {
		got, ok := parseMoment(cell, berlin(t), today)
		if ok != (want != "") || ok && got.Format(time.RFC3339Nano) != want {
			t.Errorf("%q: %v, %v; want %q", cell, got, ok, want)
		}
	}
}
