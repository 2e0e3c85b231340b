package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/config"
)

// What can't be is refused before anything is opened, with the flag's name.
func TestSettingsThatCannotBe(t *testing.T) {
	t.Parallel()
	good := config.Serve{KeepInbox: time.Hour, RatePerKey: 10, BurstPerKey: 20, PublicURL: "https://ringside.example.com/"}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for flag, spoil := range map[string]func(*config.Serve){
		"--keep-inbox":    func(s *config.Serve) { s.KeepInbox = -time.Hour }, // would remove every body
		"--rate-per-key":  func(s *config.Serve) { s.RatePerKey = -1 },
		"--burst-per-key": func(s *config.Serve) { s.BurstPerKey = 0 },
		"public URL":      func(s *config.Serve) { s.PublicURL = "ringside.example.com" },
	} {
		s := good
		spoil(&s)
		if err := s.Validate(); err == nil || !strings.Contains(err.Error(), flag) {
			t.Errorf("%s: %v", flag, err)
		}
	}
}
