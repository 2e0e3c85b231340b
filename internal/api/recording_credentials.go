package api

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/pipeline"
	"github.com/ringsidehq/ringside/internal/store"
)

// RecordingCredentialList is the hosts that recordings are fetched from with a
// header, by name.
type RecordingCredentialList struct {
	Credentials []*store.RecordingCredential `json:"credentials"`
}

type recordingCredentialsOutput struct{ Body RecordingCredentialList }

func (s *Server) listRecordingCredentials(ctx context.Context, _ *struct{}) (*recordingCredentialsOutput, error) {
	out := &recordingCredentialsOutput{}
	return out, s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body.Credentials, err = store.RecordingCredentials(ctx, tx, auth.From(ctx).WorkspaceID)
		return err
	})
}

type recordingCredentialInput struct {
	Body struct {
		Host   string `json:"host" minLength:"1" maxLength:"255" doc:"Of the recordings' addresses: recordings.example.com, with a port where they have one"`
		Header string `json:"header" minLength:"1" maxLength:"100" doc:"Authorization, X-API-Key …"`
		Secret string `json:"secret" minLength:"1" maxLength:"4000" doc:"The header's whole value: Bearer …"`
	}
}

type recordingCredentialOutput struct{ Body *store.RecordingCredential }

// A header's name (RFC 9110, token), and what no value of one may hold.
var (
	headerName = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
	notAValue  = regexp.MustCompile(`[\x00-\x08\x0a-\x1f\x7f]`)
)

// notTheirs are headers that say how a request goes, and not who asks.
var notTheirs = map[string]bool{"host": true, "connection": true, "upgrade": true, "content-length": true, "transfer-encoding": true, "range": true}

func (s *Server) putRecordingCredential(ctx context.Context, in *recordingCredentialInput) (*recordingCredentialOutput, error) {
	ws, host := auth.From(ctx).WorkspaceID, strings.ToLower(strings.TrimSpace(in.Body.Host))
	u, err := url.Parse("https://" + host + "/")
	switch {
	case err != nil || u.Host != host || u.User != nil || u.Hostname() == "":
		return nil, ringside.Invalidf("/host", "is not a host's name: recordings.example.com")
	case !headerName.MatchString(in.Body.Header) || notTheirs[strings.ToLower(in.Body.Header)]:
		return nil, ringside.Invalidf("/header", "is not a header that tells who asks: Authorization, X-API-Key and the like are")
	case notAValue.MatchString(in.Body.Secret):
		return nil, ringside.Invalidf("/secret", "can't be the value of a header: it has a line break or a control character in it")
	}
	if err := s.checkURL("/host", "", u.String()); err != nil { // nothing is ever fetched there
		return nil, err
	}
	c := &store.RecordingCredential{
		Host: host, Header: in.Body.Header, SecretSet: true, CreatedAt: time.Now().UTC().Truncate(time.Millisecond),
		Secret: s.cfg.Secrets.Seal(pipeline.CredentialPurpose(ws, host), []byte(in.Body.Secret)),
	}
	return &recordingCredentialOutput{c}, s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := store.PutRecordingCredential(ctx, tx, ws, c); err != nil {
			return err
		}
		return audit(ctx, tx, "recording_credential.put", host)
	})
}

type hostPath struct {
	Host string `path:"host"`
}

func (s *Server) deleteRecordingCredential(ctx context.Context, in *hostPath) (*struct{}, error) {
	ws, host := auth.From(ctx).WorkspaceID, strings.ToLower(in.Host)
	return nil, s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := store.DeleteRecordingCredential(ctx, tx, ws, host); err != nil {
			return err
		}
		return audit(ctx, tx, "recording_credential.delete", host)
	})
}
