package agent

import (
	"context"
	"fmt"
	"maps"
	"slices"

	chatkit "github.com/gochatkit/chatkit/core"
)

// image is a generated image of the current response.
type image struct {
	meta chatkit.ItemMeta
	done bool
}

// imageURL asks the hook for the URL of the image that e carries, if it carries one.
func (b *Bridge) imageURL(ctx context.Context, e Event) (string, error) {
	var img Image
	switch e := e.(type) {
	case *ImagePartial:
		img = Image{ID: e.ID, Base64: e.Base64, Format: e.Format, Preview: e.Index}
	case *ImageDone:
		img = Image{ID: e.ID, Base64: e.Base64, Format: e.Format, Preview: -1}
	default:
		return "", nil
	}
	if img.Base64 == "" {
		return "", nil
	}
	if f := b.opts.imageURL; f != nil {
		url, err := f(ctx, img)
		if err != nil {
			return "", fmt.Errorf("store image: %w", err)
		}
		return url, nil
	}
	mime := "image/png"
	if b.on(trueImageTypes) {
		switch img.Format {
		case "jpeg", "webp":
			mime = "image/" + img.Format
		}
	}
	return "data:" + mime + ";base64," + img.Base64, nil
}

func (b *Bridge) imageStart(e *ImageStart) error {
	if b.images[e.Item] != nil {
		return nil
	}
	img := &image{meta: b.meta(b.target.NewID(chatkit.IDMessage))}
	b.images[e.Item] = img
	b.produce(img.meta.ID)
	// An image stands beside an open workflow; it does not end it.
	return b.emit(&chatkit.ThreadItemAddedEvent{Item: &chatkit.GeneratedImageItem{ItemMeta: img.meta}})
}

// openImage returns the image that an update needs, or nil if the update must be dropped.
func (b *Bridge) openImage(item int) (*image, error) {
	img := b.images[item]
	if img == nil && b.on(implicitStarts) {
		if err := b.imageStart(&ImageStart{Item: item}); err != nil {
			return nil, err
		}
		img = b.images[item]
	}
	if img == nil || img.done {
		b.outcome.Dropped++
		return nil, nil
	}
	return img, nil
}

func (b *Bridge) imagePartial(e *ImagePartial, url string) error {
	if url == "" {
		b.outcome.Dropped++
		return nil
	}
	img, err := b.openImage(e.Item)
	if img == nil || err != nil {
		return err
	}
	progress := 0.0
	if n := b.opts.partialImages; n > 0 {
		progress = min(1, max(0, float64(e.Index)/float64(n)))
	}
	return b.update(img.meta.ID, &chatkit.GeneratedImageUpdated{Image: img.picture(e.ID, url), Progress: &progress})
}

func (b *Bridge) imageDone(e *ImageDone, url string) error {
	if url == "" {
		img := b.images[e.Item]
		if img == nil || img.done || !b.on(noEmptyImages) {
			return nil
		}
		img.done = true
		b.outcome.Dropped++
		return b.remove(img.meta.ID)
	}
	img, err := b.openImage(e.Item)
	if img == nil || err != nil {
		return err
	}
	img.done = true
	pic := img.picture(e.ID, url)
	return b.emit(&chatkit.ThreadItemDoneEvent{Item: &chatkit.GeneratedImageItem{ItemMeta: img.meta, Image: &pic}})
}

func (img *image) picture(id, url string) chatkit.GeneratedImage {
	if id == "" {
		id = img.meta.ID
	}
	return chatkit.GeneratedImage{ID: id, URL: url}
}

// dropImages removes the images that never came.
func (b *Bridge) dropImages() error {
	for _, item := range slices.Sorted(maps.Keys(b.images)) {
		if img := b.images[item]; !img.done {
			img.done = true
			b.outcome.Dropped++
			if err := b.remove(img.meta.ID); err != nil {
				return err
			}
		}
	}
	return nil
}
