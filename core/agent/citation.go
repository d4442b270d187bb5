package agent

import chatkit "github.com/gochatkit/chatkit/core"

// Annotate is the default way from a citation to an annotation: files by name, pages by URL. It returns
// nil for what cannot be shown: a file without a name, a file path, a kind it does not know.
func Annotate(c Citation) *chatkit.Annotation {
	a := &chatkit.Annotation{}
	index := c.End
	switch c.Kind {
	case "url_citation":
		a.Source = &chatkit.URLSource{SourceMeta: chatkit.SourceMeta{Title: c.Title}, URL: c.URL}
	case "file_citation", "container_file_citation":
		if c.Filename == "" {
			return nil
		}
		if c.Kind == "file_citation" {
			index = c.Index
		}
		a.Source = &chatkit.FileSource{SourceMeta: chatkit.SourceMeta{Title: c.Filename}, Filename: c.Filename}
	default:
		return nil
	}
	a.Index = &index
	return a
}

// convert turns upstream content into the thread's form.
func (b *Bridge) convert(c Content) chatkit.AssistantMessageContent {
	out := chatkit.AssistantMessageContent{Text: c.Text}
	for _, cit := range c.Citations {
		if a := b.opts.annotate(cit); a != nil {
			out.Annotations = append(out.Annotations, *a)
		}
	}
	return out
}
