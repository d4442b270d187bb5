package structure

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// guideList is the document that lists the others of its folder.
const guideList = "docs/README.md"

func guidesAreListed(t *Tree) ([]Finding, error) {
	if !slices.Contains(t.Files, guideList) {
		return nil, nil
	}
	list, err := t.Read(guideList)
	if err != nil {
		return nil, err
	}
	linked := map[string]bool{guideList: true}
	for _, m := range mdLink.FindAllStringSubmatch(string(list), -1) {
		target, _, _ := strings.Cut(m[1], "#")
		linked[path.Join(path.Dir(guideList), target)] = true
	}
	var found []Finding
	for _, f := range t.Named("*.md") {
		if within(f, path.Dir(guideList)) && !linked[f] {
			found = append(found, Finding{File: guideList, Text: "does not link to " + path.Base(f)})
		}
	}
	return found, nil
}

// componentSpec is where the kinds of components are defined.
const componentSpec = "core/widget/internal/spec/components.go"

// specComponent matches the beginning of a definition. An element of a chart's series is a part, which the chart draws.
var specComponent = regexp.MustCompile(`(?m)^\t\{Type: "([^"]+)",(.*)`)

// componentDrawers are the files that draw components, and what matches the kinds that one knows.
var componentDrawers = map[string]*regexp.Regexp{
	// The keys of an object, one or several of them short: "Card," or "Box: Container,".
	"core/playground/web/widget.js": regexp.MustCompile(`(?m)^  "?([A-Z][\w.]*)"?[:,]`),
	// The cases of its switches.
	"cmd/chatkit/internal/chat/widget.go": regexp.MustCompile(`"([A-Z][\w.]*)"[,:]`),
}

func componentsAreDrawn(t *Tree) ([]Finding, error) {
	if !slices.Contains(t.Files, componentSpec) {
		return nil, nil
	}
	spec, err := t.Read(componentSpec)
	if err != nil {
		return nil, err
	}
	var found []Finding
	for file, pattern := range componentDrawers {
		text, err := t.Read(file)
		if err != nil {
			return nil, err
		}
		drawn := map[string]bool{}
		for _, m := range pattern.FindAllStringSubmatch(string(text), -1) {
			drawn[m[1]] = true
		}
		for _, m := range specComponent.FindAllStringSubmatch(string(spec), -1) {
			if !drawn[m[1]] && !strings.Contains(m[2], "Role: Part") {
				found = append(found, Finding{File: file, Text: "does not draw the component " + m[1]})
			}
		}
	}
	return found, nil
}
