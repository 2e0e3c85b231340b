package stt

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
)

// Protocol is how a server is spoken to.
type Protocol string

// The protocols.
const (
	OpenAI   Protocol = "openai"
	Deepgram Protocol = "deepgram"
)

var protocols = []Protocol{OpenAI, Deepgram}

// SpeechSettings say who writes a workspace's speech down. The key is not among them:
// it is sealed elsewhere.
type SpeechSettings struct {
	Kind     Protocol `json:"kind" enum:"openai,deepgram" doc:"openai: any server with OpenAI's /v1/audio/transcriptions, one of your own too"`
	BaseURL  string   `json:"base_url" doc:"https://api.openai.com/v1, https://api.deepgram.com, or the address of a server of your own"`
	Model    string   `json:"model" doc:"whisper-1, nova-3 and the like. Of OpenAI's, only whisper-1 gives times"`
	Language string   `json:"language,omitempty" doc:"As a tag like en or pt-BR; left out, the server finds out or takes its own default"`
}

// The bounds.
const (
	maxModel    = 200
	maxLanguage = 35
)

var tag = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)

// Validate says what is wrong with the settings, pointing at the field.
func (s *SpeechSettings) Validate() error {
	if !slices.Contains(protocols, s.Kind) {
		return ringside.Invalidf("/kind", "%q is not one of %q", s.Kind, protocols)
	}
	if err := validBase(s.BaseURL); err != nil {
		return err
	}
	switch {
	case s.Model == "":
		return ringside.Invalidf("/model", "is required; for a server that has one alone, any name will do")
	case s.Model != strings.TrimSpace(s.Model) || len(s.Model) > maxModel:
		return ringside.Invalidf("/model", "is not the name of a model: %d characters at most, without blanks around", maxModel)
	case s.Language != "" && (len(s.Language) > maxLanguage || !tag.MatchString(s.Language)):
		return ringside.Invalidf("/language", "%q is no language tag; it looks like en or pt-BR", cut(s.Language, maxLanguage))
	}
	return nil
}

// validBase refuses what would put a secret into an address, where logs and
// errors of others would show it.
func validBase(s string) error {
	u, err := url.Parse(s)
	switch {
	case s == "":
		return ringside.Invalidf("/base_url", "is required: https://api.openai.com/v1, https://api.deepgram.com, or the address of a server of your own")
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return ringside.Invalidf("/base_url", "is not a web address; it looks like https://stt.example.com/v1")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return ringside.Invalidf("/base_url", "holds more than an address: the key has its own field")
	}
	return nil
}

var version = regexp.MustCompile(`(^|/)v[0-9][0-9a-z]*(/|$)`)

// endpoint is where speech is sent to. A base that has a version in its path is
// taken as it is, /v1 is added to any other; a path that was copied along with it
// is no harm. whisper.cpp's own /inference is taken whole.
func (s *SpeechSettings) endpoint() string {
	path := "/audio/transcriptions"
	if s.Kind == Deepgram {
		path = "/listen"
	}
	base := strings.TrimRight(strings.TrimSpace(s.BaseURL), "/")
	base = strings.TrimRight(strings.TrimSuffix(base, path), "/")
	u, err := url.Parse(base)
	switch {
	case err == nil && s.Kind == OpenAI && strings.HasSuffix(u.Path, "/inference"):
		return base
	case err != nil || version.MatchString(u.Path):
		return base + path
	}
	return base + "/v1" + path
}
