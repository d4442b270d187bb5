package main

import "github.com/gochatkit/chatkit/core/widget"

func galleryText() widget.Root {
	return &widget.Card{
		Size:   widget.CardSizeMD,
		Status: &widget.Status{Text: "Gallery", Icon: widget.IconCube},
		Children: []widget.Component{
			&widget.Row{Children: []widget.Component{
				&widget.Title{Value: "Text and media", Size: widget.TitleSizeSM}, &widget.Spacer{},
				&widget.Badge{Label: "New", Color: widget.BadgeColorSuccess}, &widget.Badge{Label: "Beta", Color: widget.BadgeColorWarning, Variant: widget.BadgeVariantOutline},
			}},
			&widget.Text{ID: "grows", Value: "", Streaming: widget.True},
			&widget.Divider{},
			&widget.Markdown{Value: "Markdown with **bold**, `code` and a [link](https://go.dev/)."},
			&widget.Table{Children: []*widget.TableRow{
				{Header: widget.True, Children: []*widget.TableCell{cellOf("City"), cellOf("°C")}},
				{Children: []*widget.TableCell{cellOf("Oslo"), cellOf("14")}},
				{Children: []*widget.TableCell{cellOf("Rome"), cellOf("27")}},
			}},
			&widget.Caption{Value: "A caption says the small things."},
		},
	}
}

func cellOf(text string) *widget.TableCell {
	return &widget.TableCell{Children: []widget.Component{&widget.Text{Value: text, Size: widget.TextSizeSM}}}
}

func galleryForm() widget.Root {
	save := &widget.ActionConfig{Type: "gallery.save"}
	skip := &widget.ActionConfig{Type: "gallery.skip", Handler: widget.HandlerClient}
	return &widget.Card{
		Size:    widget.CardSizeMD,
		AsForm:  widget.True,
		Confirm: &widget.CardAction{Label: "Save", Action: save},
		Cancel:  &widget.CardAction{Label: "Tell the page", Action: skip},
		Children: []widget.Component{
			&widget.Title{Value: "A form", Size: widget.TitleSizeSM},
			&widget.Label{Value: "Name", FieldName: "guest.name"},
			&widget.Input{Name: "guest.name", Placeholder: "Your name", Required: widget.True},
			&widget.Row{Children: []widget.Component{
				&widget.Select{Name: "guest.meal", DefaultValue: "soup", Options: []widget.SelectOption{{Value: "soup", Label: "Soup"}, {Value: "fish", Label: "Fish"}}},
				&widget.DatePicker{Name: "guest.day", DefaultValue: "2030-05-06"},
			}},
			&widget.RadioGroup{Name: "guest.seat", DefaultValue: "in", Direction: widget.DirectionRow, AriaLabel: "Seat", Options: []widget.RadioOption{
				{Value: "in", Label: "Inside"}, {Value: "out", Label: "Outside"},
			}},
			&widget.Textarea{Name: "guest.wishes", Placeholder: "Wishes", Rows: 2},
			&widget.Checkbox{Name: "guest.news", Label: "Send me news", DefaultChecked: widget.True},
		},
	}
}

// galleryList is a list of cities; its last row has a box that may be ticked.
func galleryList(ticked bool) widget.Root {
	list := &widget.ListView{}
	for _, city := range []string{"Oslo", "Rome", "Tokyo"} {
		list.Children = append(list.Children, &widget.ListViewItem{
			Key:           city,
			OnClickAction: &widget.ActionConfig{Type: "gallery.pick", Payload: map[string]string{"city": city}},
			Children:      []widget.Component{&widget.Icon{Name: widget.IconMapPin}, &widget.Text{Value: city}},
		})
	}
	row := &widget.ListViewItem{Key: "tick", Children: []widget.Component{&widget.Checkbox{
		Name: "tick", Label: "Answer without a turn", DefaultChecked: widget.Is(ticked),
		OnChangeAction: &widget.ActionConfig{Type: "gallery.tick", Streaming: widget.False},
	}}}
	if ticked {
		row.Children = []widget.Component{&widget.Icon{Name: widget.IconCheckCircle, Color: "success"}, &widget.Text{Value: "Ticked, as the server says"}}
	}
	list.Children = append(list.Children, row)
	return list
}
