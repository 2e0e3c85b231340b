package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
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
	s := &settings{path: path, k: koanf.New(".")}
	s.err = s.k.Load(file.Provider(path), yaml.Parser())
	return kong.Resolvers(s)
}

// settings are those of a file.
type settings struct {
	path string
	k    *koanf.Koanf
	err  error
}

// Validate implements kong.Resolver. A name that no command has is not passed
// over: it is misspelt.
func (s *settings) Validate(app *kong.Application) error {
	if s.err != nil {
		return fmt.Errorf("read %s: %w", s.path, s.err)
	}
	known := map[string]bool{}
	err := kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if f, is := node.(*kong.Flag); is {
			known[f.Name] = true
		}
		return next(nil)
	})
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(s.k.Raw())) {
		if !known[strings.ReplaceAll(name, "_", "-")] {
			return fmt.Errorf("%s: %q is no setting; they have the names of the flags", s.path, name)
		}
	}
	return nil
}

// Resolve implements kong.Resolver.
func (s *settings) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if s.err != nil {
		return nil, fmt.Errorf("read %s: %w", s.path, s.err)
	}
	for _, name := range []string{flag.Name, strings.ReplaceAll(flag.Name, "-", "_")} {
		if list := s.k.Strings(name); len(list) > 0 {
			return strings.Join(list, ","), nil
		}
		if s.k.Exists(name) {
			return s.k.String(name), nil
		}
	}
	return nil, nil
}
