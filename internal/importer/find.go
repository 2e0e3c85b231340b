package importer

import (
	"cmp"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// file is one to be imported.
type file struct {
	path string // absolute
	name string // below the folder, with slashes
	row  *row   // what the CSV says of it; nil: nothing
}

// folder is what was found.
type folder struct {
	dir             string // absolute
	files           []file // sorted by name
	skipped, failed []Left
}

// endings are those of files that may be recordings. What they are their bytes
// say.
var endings = map[string]bool{".wav": true, ".wave": true, ".mp3": true, ".ogg": true, ".oga": true, ".opus": true, ".flac": true}

// absolute is a path's one form. A folder that is itself a link is followed.
func absolute(dir string) (string, error) {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", err
	}
	return filepath.Abs(dir)
}

// find lists the files below a folder. Links in it are not followed, so that
// nothing is read twice or from elsewhere.
func find(dir string) (*folder, error) {
	root, err := absolute(dir)
	if err != nil {
		return nil, fmt.Errorf("look through the folder: %w", err)
	}
	f := &folder{dir: root, skipped: []Left{}, failed: []Left{}}
	err = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		name := f.nameOf(path)
		switch {
		case err != nil && path == root:
			return err
		case err != nil:
			f.failed = append(f.failed, Left{name, err.Error()})
		case e.IsDir():
		case e.Type()&fs.ModeSymlink != 0:
			f.skipped = append(f.skipped, Left{name, "is a symbolic link"})
		case !e.Type().IsRegular():
			f.skipped = append(f.skipped, Left{name, "is no file"})
		case !endings[strings.ToLower(filepath.Ext(path))]:
			f.skipped = append(f.skipped, Left{name, notByName})
		default:
			f.files = append(f.files, file{path: path, name: name})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look through the folder: %w", err)
	}
	f.sort()
	return f, nil
}

const notByName = "is none of WAV, MP3, Ogg and FLAC by its name"

func (f *folder) sort() {
	slices.SortFunc(f.files, func(a, b file) int { return cmp.Compare(a.name, b.name) })
}

// nameOf is what a file is called: below the folder where it lies there.
func (f *folder) nameOf(path string) string {
	if rel, err := filepath.Rel(f.dir, path); err == nil {
		return filepath.ToSlash(rel)
	}
	return path
}

// know puts the CSV's rows to their files. A file that has a row is imported
// whatever its name or place; the CSV and the transcripts it names are no
// recordings that were passed over.
func (f *folder) know(rows []*row, csv string) {
	named, own := map[string]*row{}, map[string]bool{}
	if path, err := absolute(csv); err == nil {
		own[f.nameOf(path)] = true
	}
	for _, r := range rows {
		named[r.path] = r
		own[f.nameOf(r.path)] = true
		if r.transcript != "" {
			own[f.nameOf(r.transcript)] = true
		}
	}
	f.skipped = slices.DeleteFunc(f.skipped, func(l Left) bool { return l.Why == notByName && own[l.File] })
	for i := range f.files {
		f.files[i].row = named[f.files[i].path]
		delete(named, f.files[i].path)
	}
	for path, r := range named {
		f.files = append(f.files, file{path: path, name: f.nameOf(path), row: r})
	}
	f.sort()
}
