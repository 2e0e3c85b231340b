package vapi_test

import (
	"testing"

	"github.com/ringsidehq/ringside/internal/provider/providertest"
	"github.com/ringsidehq/ringside/internal/provider/vapi"
)

func TestControls(t *testing.T) {
	providertest.RunControls(t, vapi.Provider.Controls, providertest.Vapi)
}
