package api

import (
	"encoding/json"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
)

// AgentSettingsShown are settings without their secrets: of those it says
// whether they are set. They are sealed together, so of secrets that can't be
// opened nobody knows which there are.
type AgentSettingsShown struct {
	ringside.AgentSettings
	CRMAPIKeySet     bool `json:"crmApiKey_set"`
	WebhookSecretSet bool `json:"webhookSecret_set"`
	SecretsLost      bool `json:"secrets_lost" doc:"There are secrets that can't be opened, because they were sealed with another key: neither counts as set. Give Ringside the key that it had, or enter the secrets again"`
}

func (s *Server) shownSettings(row *store.AgentRow) (AgentSettingsShown, error) {
	sec, err := row.OpenSecrets(s.cfg.Secrets)
	lost := secret.Lost(err)
	if err != nil && !lost {
		return AgentSettingsShown{}, err
	}
	return AgentSettingsShown{row.Settings, sec.CRMAPIKey != "", sec.WebhookSecret != "", lost}, nil
}

// editAgentSecrets moves the secrets of a body out of the row's settings, which
// have been read, and seals them with those that stay. Secrets that can't be
// opened stay sealed in case their key comes back, and go when one is entered
// again or one of them would be sent elsewhere.
func (s *Server) editAgentSecrets(row *store.AgentRow, raw []byte, before *ringside.AgentSettings) error {
	var given struct {
		CRMAPIKey     *string `json:"crmApiKey"`
		WebhookSecret *string `json:"webhookSecret"`
	}
	if err := json.Unmarshal(raw, &given); err != nil {
		return ringside.Invalidf("", "the secrets can't be read: %v", err)
	}
	row.Settings.CRMAPIKey, row.Settings.WebhookSecret = "", ""
	webhookMoves, crmMoves := otherWebhook(before, &row.Settings), otherCRM(before, &row.Settings)
	sec, err := row.OpenSecrets(s.cfg.Secrets)
	switch {
	case secret.Lost(err):
		if given.CRMAPIKey == nil && given.WebhookSecret == nil && !webhookMoves && !crmMoves {
			return nil
		}
	case err != nil:
		return err
	}
	if webhookMoves {
		sec.WebhookSecret = ""
	}
	if crmMoves {
		sec.CRMAPIKey = ""
	}
	if given.WebhookSecret != nil {
		sec.WebhookSecret = *given.WebhookSecret
	}
	if given.CRMAPIKey != nil {
		sec.CRMAPIKey = *given.CRMAPIKey
	}
	return row.SealSecrets(s.cfg.Secrets, sec)
}

// A secret is bound to the host that it was given for: otherWebhook and
// otherCRM tell whether it would begin to go to another.

func otherWebhook(before, after *ringside.AgentSettings) bool {
	return egress.Host(before.WebhookURL) != egress.Host(after.WebhookURL)
}

func otherCRM(before, after *ringside.AgentSettings) bool {
	return before.CRMProvider != after.CRMProvider || egress.Host(before.CRMURL) != egress.Host(after.CRMURL)
}
