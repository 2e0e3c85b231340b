package importer

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/transcript"
)

// row is what the CSV says of one recording. What it does not say is empty.
type row struct {
	number     int    // as spreadsheets count: the header is row 1
	path       string // absolute
	id         string
	agent      string
	startedAt  time.Time
	direction  ringside.Direction
	from, to   string
	transcript string // absolute path
	metadata   map[string]string
}

const (
	maxCell     = 8 << 10
	maxID       = 200
	maxProblems = 20 // that are told at once

	colFile, colTranscript = "file", "transcript"
)

// sheet reads a CSV.
type sheet struct {
	cfg      *Config
	dir      string // of the recordings, absolute
	own      string // of the CSV, absolute
	now      time.Time
	columns  []string // by position; "" has no name
	rows     []*row
	paths    map[string]int // row by file
	ids      map[string]int // row by id
	problems []error
}

// readSheet reads and checks all of the CSV, the transcripts that it names
// included. The error names every row and column that is wrong, up to a bound.
func readSheet(c *Config) ([]*row, error) {
	f, err := os.Open(c.CSV)
	if err != nil {
		return nil, fmt.Errorf("read the CSV: %w", err)
	}
	defer f.Close()
	s := &sheet{cfg: c, now: time.Now(), paths: map[string]int{}, ids: map[string]int{}}
	if s.dir, err = absolute(c.Dir); err == nil {
		s.own, err = absolute(filepath.Dir(c.CSV))
	}
	if err == nil {
		err = s.read(f)
	}
	if err != nil {
		return nil, fmt.Errorf("read the CSV %s: %w", filepath.Base(c.CSV), err)
	}
	return s.rows, nil
}

func (s *sheet) read(r io.Reader) error {
	in := bufio.NewReaderSize(r, 64<<10)
	if head, _ := in.Peek(3); bytes.Equal(head, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3) // what was peeked is there
	}
	table := csv.NewReader(in)
	table.Comma = separator(in)
	table.ReuseRecord = true
	head, err := table.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("it is empty; its first row names the columns, one of them file")
	}
	if err == nil {
		err = s.header(head)
	}
	if err != nil {
		return fmt.Errorf("row 1: %w", err)
	}
	line, _ := table.FieldPos(0)
	next := line + lines(head)
	for n := 2; len(s.problems) < maxProblems; n++ {
		cells, err := table.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if len(cells) > 0 { // rows without anything in them were passed over
			line, _ := table.FieldPos(0)
			n, next = n+line-next, line+lines(cells)
		}
		if errors.Is(err, csv.ErrFieldCount) {
			s.wrong(n, "", "has %d cells, and the header has %d", len(cells), len(s.columns))
			continue
		}
		if err != nil {
			return errors.Join(append(s.problems, fmt.Errorf("row %d: %w", n, err))...)
		}
		s.row(n, cells)
	}
	if len(s.problems) >= maxProblems {
		s.problems = append(s.problems, errors.New("and perhaps more: it was read no further"))
	}
	return errors.Join(s.problems...)
}

// lines is over how many lines of a file a row goes.
func lines(cells []string) int {
	n := 1
	for _, c := range cells {
		n += strings.Count(c, "\n")
	}
	return n
}

// separator is a semicolon where the header has more of them than commas.
func separator(in *bufio.Reader) rune {
	head, _ := in.Peek(in.Size()) // what is wrong shows when the rows are read
	head, _, _ = bytes.Cut(head, []byte("\n"))
	if bytes.Count(head, []byte(";")) > bytes.Count(head, []byte(",")) {
		return ';'
	}
	return ','
}

// known are the columns whose names are known in capitals, too. The customer and
// the campaign are metadata like every other column.
var known = []string{colFile, "id", "agent", "started_at", "direction", "from", "to", "customer", "campaign", colTranscript}

func (s *sheet) header(cells []string) error {
	for i, name := range cells {
		if !utf8.ValidString(name) || strings.ContainsRune(name, 0) {
			return fmt.Errorf("column %d is not UTF-8; save the file as CSV UTF-8", i+1)
		}
		name = strings.TrimSpace(name)
		if lower := strings.ToLower(name); slices.Contains(known, lower) {
			name = lower
		}
		if name != "" && slices.Contains(s.columns, name) {
			return fmt.Errorf("two columns are named %s", name)
		}
		s.columns = append(s.columns, name)
	}
	if !slices.Contains(s.columns, colFile) {
		return fmt.Errorf("no column is named file; they are named %s", strings.Join(s.columns, ", "))
	}
	return nil
}

// wrong notes what is wrong with a cell, or with a row where no column is named.
func (s *sheet) wrong(row int, column, format string, args ...any) {
	where := fmt.Sprintf("row %d", row)
	if column != "" {
		where += ", column " + column
	}
	s.problems = append(s.problems, fmt.Errorf("%s: %s", where, fmt.Sprintf(format, args...)))
}

func (s *sheet) row(n int, cells []string) {
	before := len(s.problems)
	r := &row{number: n, metadata: map[string]string{}}
	blank := true
	for i, cell := range cells {
		column := s.columns[i]
		cell = strings.TrimSpace(cell)
		blank = blank && cell == ""
		switch {
		case cell == "":
		case column == "":
			s.wrong(n, fmt.Sprint(i+1), "has no name in the header")
		case !utf8.ValidString(cell) || strings.ContainsRune(cell, 0):
			s.wrong(n, column, "is not UTF-8; save the file as CSV UTF-8")
		case len(cell) > maxCell:
			s.wrong(n, column, "is longer than %d bytes", maxCell)
		default:
			if err := s.cell(r, column, strings.Clone(cell)); err != nil {
				s.wrong(n, column, "%v", err)
			}
		}
	}
	if blank {
		return
	}
	if r.path == "" && len(s.problems) == before {
		s.wrong(n, colFile, "is empty; it says which recording the row is about")
	}
	s.unique(r)
	s.rows = append(s.rows, r)
}

// unique notes a row about what another is about.
func (s *sheet) unique(r *row) {
	if other, twice := s.paths[r.path]; twice && r.path != "" {
		s.wrong(r.number, colFile, "is the same as in row %d", other)
	}
	if other, twice := s.ids[r.id]; twice && r.id != "" {
		s.wrong(r.number, "id", "is the same as in row %d", other)
	}
	s.paths[r.path], s.ids[r.id] = r.number, r.number
}

func (s *sheet) cell(r *row, column, cell string) (err error) {
	switch column {
	case colFile:
		r.path, err = s.locate(cell)
	case "id":
		if r.id = cell; len(cell) > maxID {
			err = fmt.Errorf("is longer than %d bytes", maxID)
		}
	case "agent":
		r.agent = cell
	case "started_at":
		var ok bool
		if r.startedAt, ok = parseMoment(cell, s.cfg.Zone, s.now); !ok {
			err = fmt.Errorf("%q is not the time of a past call; it looks like 2026-11-20T09:15:00Z, or counts seconds or milliseconds since 1970", cell)
		}
	case "direction":
		r.direction = ringside.Direction(strings.ToLower(cell))
		if r.direction != ringside.Inbound && r.direction != ringside.Outbound {
			err = fmt.Errorf("%q is neither inbound nor outbound", cell)
		}
	case "from":
		r.from = cell
	case "to":
		r.to = cell
	case colTranscript:
		if r.transcript, err = s.locate(cell); err == nil {
			_, err = transcript.Read(r.transcript)
		}
	default:
		r.metadata[column] = cell
	}
	return err
}

// locate finds a file that the CSV names: below the folder, else beside the CSV.
// Where it may name no others, those outside are looked at in no way.
func (s *sheet) locate(name string) (string, error) {
	name = filepath.FromSlash(name)
	tries := []string{name}
	if !filepath.IsAbs(name) {
		tries = []string{filepath.Join(s.dir, name), filepath.Join(s.own, name)}
	}
	for _, path := range tries {
		if rel, err := filepath.Rel(s.dir, path); s.cfg.Below && (err != nil || !filepath.IsLocal(rel)) {
			continue
		}
		info, err := os.Lstat(path)
		switch {
		case err != nil:
			continue
		case info.Mode()&os.ModeSymlink != 0:
			return "", fmt.Errorf("%s is a symbolic link, and those are not followed", name)
		case !info.Mode().IsRegular():
			return "", fmt.Errorf("%s is no file", name)
		}
		dir, err := absolute(filepath.Dir(path))
		return filepath.Join(dir, filepath.Base(path)), err
	}
	return "", fmt.Errorf("there is no file %s, neither below the folder nor beside the CSV", name)
}
