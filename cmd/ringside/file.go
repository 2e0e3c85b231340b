package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"github.com/ringsidehq/ringside/internal/config"
)

// configFile reads settings from the file that the environment names: YAML
// with the flags' names. Flags and the environment come before it.
func configFile() kong.Option {
	path := os.Getenv(config.EnvFile)
	if path == "" {
		return kong.Resolvers()
	}
	k := koanf.New(".")
	err := k.Load(file.Provider(path), yaml.Parser())
	return kong.Resolvers(kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		for _, name := range []string{flag.Name, strings.ReplaceAll(flag.Name, "-", "_")} {
			if list := k.Strings(name); len(list) > 0 {
				return strings.Join(list, ","), nil
			}
			if k.Exists(name) {
				return k.String(name), nil
			}
		}
		return nil, nil
	}))
}
