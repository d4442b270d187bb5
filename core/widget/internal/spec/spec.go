// Package spec is the table of everything a typed widget component can hold. The Go types of package widget,
// their encoders, and the check against the browser's own types are made from it.
package spec

import "strings"

// A Prop is one member of a component or of an object inside one.
type Prop struct {
	Name string // the member's name on the wire
	Kind Kind
	Enum string // for Kind Enum: the name of the type with the allowed values
	Doc  string // completes "Name …": what the member does and its default
}

// A Kind says what a member may hold, in which form it is written, and whether it must be there.
type Kind string

// The kinds. Those ending in ! are always written.
const (
	Str         Kind = "string"  // absent if empty
	Text        Kind = "string!" // may be empty
	Growing     Kind = "text!"   // a string that can be streamed
	Name        Kind = "name!"   // must not be empty
	Bool        Kind = "bool"
	Int         Kind = "int"    // a count; absent if 0
	Whole       Kind = "whole"  // a whole number, 0 too
	Floats      Kind = "floats" // a number written as a float, or CSS
	Ints        Kind = "ints"   // a whole number, or CSS
	Numbers     Kind = "numbers"
	Spacing     Kind = "spacing"     // Floats or an object of sides
	IntSpacing  Kind = "int spacing" // Ints or an object of sides
	FreeSpacing Kind = "free spacing"
	Sides       Kind = "sides" // only an object of sides
	Border      Kind = "border"
	Color       Kind = "color"
	Enum        Kind = "enum"
	Icon        Kind = "icon"
	IconName    Kind = "icon!"
	Action      Kind = "action"
	Children    Kind = "children!"
	MaybeKids   Kind = "children"
	Child       Kind = "child"
	Items       Kind = "items!"
	TableRows   Kind = "rows"
	TableCells  Kind = "cells"
	Status      Kind = "status"
	CardAction  Kind = "card action"
	Limit       Kind = "limit"
	Editable    Kind = "editable"
	DateTime    Kind = "datetime"
	Select      Kind = "select options!"
	Radio       Kind = "radio options"
	Series      Kind = "series!"
	Data        Kind = "data!"
	XAxis       Kind = "x axis!"
	Extra       Kind = "extra" // members the table does not know, last
)

// A Component is one Go type.
type Component struct {
	Type  string // the value of the member "type"
	Go    string // the Go name, if it is not Type
	File  string // the generated file it goes to
	Doc   string // completes "Type …"
	Role  Role
	Props []Prop // in the order of the wire; Head marks where key, id and type stand
}

// A Role says where a type may stand.
type Role int

// The roles.
const (
	Inner Role = iota // a component below a root
	Root              // the top of a tree
	Part              // no component: an element of a chart's series
)

// Head stands for the members key, id and type.
var Head = Prop{Name: "type"}

// GoName returns the name of the Go type.
func (c Component) GoName() string {
	if c.Go != "" {
		return c.Go
	}
	return c.Type
}

// Field returns the name of the Go field.
func (p Prop) Field() string {
	switch p.Kind {
	case Extra:
		return "Props"
	case Child:
		return "Child"
	}
	return strings.ToUpper(p.Name[:1]) + p.Name[1:]
}

// Allowed returns the values of a member with a fixed set of them.
func (p Prop) Allowed() []string {
	for _, e := range Enums {
		if p.Kind == Enum && e.Name == p.Enum {
			return e.Values
		}
	}
	return nil
}

// An EnumType is a string type with a fixed set of values.
type EnumType struct {
	Name   string
	Doc    string // completes "Name is …"
	Values []string
}
