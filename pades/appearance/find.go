package appearance

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/fontscan"

	"github.com/inkan-go/inkan/internal/font"
)

// FindOptions says which fonts FindFonts looks for. Nil means the defaults.
type FindOptions struct {
	// Directories are searched, with all below them, instead of those where the
	// system keeps its fonts.
	Directories []string
	// Serif prefers fonts with serifs, 明朝, as seals have; otherwise those without,
	// ゴシック, are preferred.
	Serif bool
}

// FindFonts looks for installed fonts that hold every character of a text and may
// be embedded: one, if one holds all, else several that do together. Text in
// Japanese prefers Japanese fonts, since the same character has other forms in
// Chinese ones. Looking into many font files takes a second or so; keep the fonts.
//
// A MissingGlyphError tells which characters no installed font holds.
func FindFonts(ctx context.Context, text string, o *FindOptions) ([]*Font, error) {
	if o == nil {
		o = &FindOptions{}
	}
	if len(text) > maxTextBytes {
		return nil, fmt.Errorf("appearance: a text of %d bytes; at most %d are set", len(text), maxTextBytes)
	}
	files, err := fontFiles(ctx, o.Directories, maxFontFiles)
	if err != nil {
		return nil, err
	}
	ranked := &ranking{text: text, serif: o.Serif, japanese: isJapanese(text)}
	slices.SortStableFunc(files, func(a, b string) int { return ranked.rank(b) - ranked.rank(a) })
	for _, name := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if ranked.consider(name) {
			break
		}
	}
	return ranked.fonts(len(files))
}

// fontFiles returns the font files below directories, at most that many, in the
// order of their names.
func fontFiles(ctx context.Context, directories []string, most int) ([]string, error) {
	if directories == nil {
		found, err := fontscan.DefaultFontDirectories(log.New(io.Discard, "", 0))
		if err != nil {
			return nil, fmt.Errorf("appearance: where fonts are installed is not known: %w", err)
		}
		directories = found
	}
	seen := make(map[string]bool)
	var files []string
	for _, directory := range directories {
		err := filepath.WalkDir(directory, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil || entry.IsDir():
				return nil // a directory that cannot be read has no fonts for us
			}
			switch strings.ToLower(filepath.Ext(name)) {
			case ".ttf", ".otf", ".ttc", ".otc":
			default:
				return nil
			}
			if real, err := filepath.EvalSymlinks(name); err == nil && !seen[real] && len(files) < most {
				seen[real], files = true, append(files, real)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(files)
	return files, nil
}

func isJapanese(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
	})
}

// candidate is an installed font that holds some of the text.
type candidate struct {
	file    string
	index   int
	rank    int
	missing []string
}

// ranking is the fonts that were looked into.
type ranking struct {
	text            string
	serif, japanese bool
	candidates      []candidate
}

// consider looks into a file and tells whether it holds all, in the best way that
// can be hoped for.
func (r *ranking) consider(name string) bool {
	data, err := os.ReadFile(name)
	if err != nil {
		return false
	}
	n, err := font.Count(data)
	if err != nil {
		return false
	}
	for index := range n {
		s, err := font.Summarize(data, index)
		if err != nil {
			continue
		}
		c := candidate{file: name, index: index, missing: s.Missing(r.text), rank: r.rank(s.Name)}
		if s.Regular {
			c.rank += 8
		}
		r.candidates = append(r.candidates, c)
		if len(c.missing) == 0 && s.Regular && r.rank(s.Name) >= r.best() {
			return true
		}
	}
	return false
}

// best is the rank of a name that cannot be bettered.
func (r *ranking) best() int {
	if r.japanese {
		return 6
	}
	return 2
}

// rank tells how well a name fits what is wanted: the name of a font, or that of a
// file, as a first guess.
func (r *ranking) rank(name string) int {
	name = strings.ToLower(filepath.Base(name))
	holds := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(name, part) })
	}
	rank := 0
	if holds("serif", "mincho", "明朝", "ipaexm", "ipam", "times", "song") && !holds("sans") == r.serif {
		rank += 2
	}
	if r.japanese && holds("cjk jp", "cjkjp", "ipaex", "ipa", "mincho", "明朝", "gothic", "ゴシック", "meiryo", "メイリオ", "hiragino", "ヒラギノ", "biz ud", "notosansjp", "notoserifjp", "cjk") {
		rank += 4
	}
	if holds(" sc", " tc", " hk", " kr", "mono", "condensed", "bold", "italic", "oblique", "light", "thin", "black") {
		rank -= 3
	}
	return rank
}

// fonts opens the best font that holds all, or several that do together.
func (r *ranking) fonts(files int) ([]*Font, error) {
	slices.SortStableFunc(r.candidates, func(a, b candidate) int {
		if d := len(a.missing) - len(b.missing); d != 0 {
			return d
		}
		return b.rank - a.rank
	})
	var fonts []*Font
	rest := r.text
	for _, c := range r.candidates {
		if rest == "" && len(fonts) > 0 {
			break
		}
		held := missingOf(c.missing, rest)
		if held == rest && rest != "" {
			continue // holds nothing of what is left
		}
		f, err := OpenFont(c.file, c.index)
		if err != nil {
			continue
		}
		fonts, rest = append(fonts, f), held
	}
	if rest != "" || len(fonts) == 0 {
		lacking := characters(rest)
		slices.Sort(lacking)
		return nil, &MissingGlyphError{Characters: slices.Compact(lacking), Fonts: []string{fmt.Sprintf("the %d installed font files", files)}}
	}
	return fonts, nil
}

// missingOf returns those characters of a text that are among the missing ones.
func missingOf(missing []string, text string) string {
	var left strings.Builder
	for _, m := range missing {
		if strings.Contains(text, m) {
			left.WriteString(m)
		}
	}
	return left.String()
}
