package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/gif"  // for the size of a picture
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"strings"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/attach"
	"github.com/gochatkit/chatkit/core/widget"
)

// A reader says what a model would get of the files of a message.
type reader struct {
	files *attach.Files
}

// maxPrompt is how many bytes of a text go into a prompt.
const maxPrompt = 2000

func (r *reader) respond(ctx context.Context, t *chatkit.Turn) error {
	if t.Input == nil || len(t.Input.Attachments) == 0 {
		return t.Text("Attach an image or a text, and I tell you what a model would get of it.")
	}
	for _, a := range t.Input.Attachments {
		said, err := r.read(ctx, t.Owner(), a)
		if err != nil {
			return err
		}
		if err := t.Text(said); err != nil {
			return err
		}
	}
	return t.Widget(receipt(len(t.Input.Attachments), false), "")
}

// read returns what there is to say of a file.
func (r *reader) read(ctx context.Context, owner string, a chatkit.Attachment) (string, error) {
	meta := a.Meta()
	if _, ok := a.(*chatkit.ImageAttachment); ok {
		data, err := r.files.Bytes(ctx, owner, a)
		if err != nil {
			return "", err
		}
		size := "of a size that this program cannot tell"
		if config, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil {
			size = fmt.Sprintf("%d×%d pixels", config.Width, config.Height)
		}
		// This is what goes into the model's input, as the image_url of an input_image.
		url, err := r.files.DataURL(ctx, owner, a)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("%s is an image, %s, %d bytes, %s. The model gets it as %s… (%d characters).",
			meta.Name, meta.MimeType, len(data), size, url[:min(len(url), 40)], len(url)), nil
	}
	text, ok, err := r.files.Text(ctx, owner, a)
	if err != nil {
		return "", err
	}
	if !ok {
		return fmt.Sprintf("%s is a file of the type %s. The model gets its name.", meta.Name, meta.MimeType), nil
	}
	if len(text) > maxPrompt {
		text = strings.ToValidUTF8(text[:maxPrompt], "") + "…"
	}
	return fmt.Sprintf("%s is a text, %s. The model gets it as it is:\n\n%s", meta.Name, meta.MimeType, text), nil
}

// act answers the button of the receipt by changing the receipt.
func (r *reader) act(_ context.Context, t *chatkit.Turn, a *chatkit.Action) error {
	if a.Type != "receipt.keep" || a.Sender == nil {
		return &chatkit.StreamError{Message: "There is no such action."}
	}
	count, err := chatkit.Payload[int](a)
	if err != nil {
		return err
	}
	return t.ReplaceWidget(a.Sender, receipt(count, true), "")
}

// receipt is a card with a button, or what it becomes when that is pressed.
func receipt(count int, kept bool) widget.Root {
	what := fmt.Sprintf("%d files", count)
	if count == 1 {
		what = "1 file"
	}
	if kept {
		return &widget.Card{Size: widget.CardSizeSM, Children: []widget.Component{
			&widget.Text{Value: what}, &widget.Badge{Label: "Kept", Color: widget.BadgeColorSuccess},
		}}
	}
	return &widget.Card{Size: widget.CardSizeSM, Children: []widget.Component{
		&widget.Text{Value: what},
		&widget.Button{Label: "Keep", OnClickAction: &widget.ActionConfig{Type: "receipt.keep", Payload: count}},
	}}
}
