package elevenlabs_test

import (
	"testing"

	"github.com/ringsidehq/ringside/internal/provider/elevenlabs"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
)

func TestControls(t *testing.T) {
	providertest.RunControls(t, elevenlabs.Provider.Controls, providertest.ElevenLabs)
}
