package structure

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// machinePath matches a path that exists on one machine only. A path inside a URL, a variable or a longer
// path is none: the character before its slash tells.
var machinePath = regexp.MustCompile(`(?:^|[\s"'` + "`" + `=(\[<>|&;,])(/(?:work|tmp|root|farm)/[\w.-]|/home/[a-z][\w.-]*/)`)

// privateWords are names of tools and services of whoever works on the project. They are put together
// here so that this file does not contain them.
var privateWords = []string{
	"." + "library/",
	"farm" + "-",
	"steering" + " repo",
	"proxy." + "golang.org",
	"sum." + "golang.org",
	"registry." + "npmjs.org",
	"registry." + "yarnpkg.com",
	"pypi." + "org",
	"files." + "pythonhosted.org",
	"index." + "crates.io",
	"static." + "crates.io",
	"repo1." + "maven.org",
	"deb." + "debian.org",
}

func textStaysPublic(t *Tree) ([]Finding, error) {
	var found []Finding
	for _, f := range t.Files {
		content, err := t.Read(f)
		if err != nil {
			return nil, err
		}
		if isBinary(content) {
			continue
		}
		for i, line := range bytes.Split(content, []byte("\n")) {
			if m := machinePath.FindSubmatch(line); m != nil {
				text := fmt.Sprintf("names the absolute path %s…", m[1])
				found = append(found, Finding{File: f, Line: i + 1, Text: text})
			}
			for _, word := range privateWords {
				if bytes.Contains(line, []byte(word)) {
					found = append(found, Finding{File: f, Line: i + 1, Text: "contains " + word})
				}
			}
		}
	}
	return found, nil
}

// mdLink matches an inline link or picture of a Markdown document.
var mdLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// linksLeadSomewhere checks the links from one file of the repository to another, without their anchors. A
// call of a generic function looks like a link, so code is passed over.
func linksLeadSomewhere(t *Tree) ([]Finding, error) {
	var found []Finding
	for _, f := range t.Named("*.md") {
		content, err := t.Read(f)
		if err != nil {
			return nil, err
		}
		code := false
		for i, line := range strings.Split(string(content), "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), "```") {
				code = !code
			}
			if code {
				continue
			}
			for _, m := range mdLink.FindAllStringSubmatch(line, -1) {
				target, _, _ := strings.Cut(m[1], "#")
				if target == "" || strings.Contains(target, ":") {
					continue
				}
				target = path.Join(path.Dir(f), target)
				if _, err := os.Stat(filepath.Join(t.Root, filepath.FromSlash(target))); err != nil {
					found = append(found, Finding{File: f, Line: i + 1, Text: "links to " + target + ", which does not exist"})
				}
			}
		}
	}
	return found, nil
}
